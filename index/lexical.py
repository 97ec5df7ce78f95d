"""Passages by their words and pairs of words, each counted by its rarity, with tantivy."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from pathlib import Path
from typing import Self

import numpy as np
import tantivy

from footnoted.corpus.ids import Id
from footnoted.index.options import DEFAULT
from footnoted.index.protocols import Rows
from footnoted.index.terms import FIGURES, PAIRS, TEXT, Asked, Held, analyzer, rarity

Texts = Callable[[Rows], Iterable[str]]
"""The texts of rows, in their order."""

_Found = tuple[float, tantivy.Searcher, tantivy.DocAddress]
"""A passage's score and where it stands."""

_ROW = "row"
_ANALYZER = "footnoted"
_SPACES = "spaces"
_ROWS = "rows.npy"

# Of passages. What is changed in a large index costs at most about two shards; what is asked of it
# costs a little for each.
_SHARD = 20_000


def _register_tokenizers(index: tantivy.Index, analyzer: tantivy.TextAnalyzer) -> None:
    index.register_tokenizer(_ANALYZER, analyzer)
    index.register_tokenizer(
        _SPACES, tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build()
    )


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_unsigned_field(_ROW, stored=True, indexed=True)  # indexed: to search among some
    # Whether a passage holds a word is all that counts; see ``LexicalIndex.search``.
    builder.add_text_field(TEXT, tokenizer_name=_ANALYZER, index_option="basic")
    # A pair is a term of its own, not a phrase: it has its own rarity, and is found as fast.
    builder.add_text_field(PAIRS, tokenizer_name=_SPACES, index_option="basic")
    # "ERR-4042" as one term beside its parts: it is rarer than they are, so it counts for more.
    builder.add_text_field(FIGURES, tokenizer_name=_SPACES, index_option="basic")
    return builder.build()


class LexicalIndex:
    """A folder of shards, each with tantivy's files and the rows that it holds.

    A shard is never changed: a change writes those anew whose rows it concerns, and takes over the
    others as they are. A word's rarity is counted over all of them.
    """

    def __init__(self, shards: Sequence[tantivy.Index]) -> None:
        self._analyzer = analyzer()
        for shard in shards:
            _register_tokenizers(shard, self._analyzer)
        self._searchers = [shard.searcher() for shard in shards]
        self._count = sum(int(searcher.num_docs) for searcher in self._searchers)
        self._schema = _schema()

    @classmethod
    def build(cls, rows: Rows, texts: Texts, folder: Path, before: Path | None = None) -> Self:
        """Index ``rows`` into an empty ``folder``, taking over what it can from ``before``.

        ``before`` is the folder of an earlier index in which rows stood for the same texts.
        """
        left = rows
        names = map(str, count())
        for shard in _usable(before, rows) if before else ():
            _take_over(shard, folder / next(names))
            left = np.setdiff1d(left, _rows_of(shard), assume_unique=True)
        for start in range(0, len(left), _SHARD):
            _write_shard(folder / next(names), left[start : start + _SHARD], texts)
        return cls.read(folder)

    @classmethod
    def read(cls, folder: Path) -> Self:
        """Read what ``build`` wrote; damaged files raise ValueError."""
        return cls([tantivy.Index.open(str(shard)) for shard in _shards(folder)])

    def __len__(self) -> int:
        return self._count

    def frequency(self, word: str | Id) -> int:
        """The number of passages that hold ``word``, in any of its forms."""
        if isinstance(word, Id):
            return self._holding(FIGURES, word.key)
        stems = self._analyzer.analyze(word)
        return max((self._holding(TEXT, stem) for stem in stems), default=0)

    def holders(self, word: str) -> list[int] | None:
        """The rows that hold ``word`` in any of its forms; None if it is not one word here."""
        stems = self._analyzer.analyze(word)
        if len(stems) != 1:
            return None
        query = tantivy.Query.term_query(self._schema, TEXT, stems[0], "basic")
        return [row for row, _ in self._found(query, max(1, self.frequency(word)))]

    def alike(self, word: str, distance: int, limit: int) -> list[int]:
        """Rows that hold a word whose stem is at most so many letters from that of ``word``.

        Two neighbours that changed places are one letter (Damerau, Communications of the ACM 1964).
        """
        stems = self._analyzer.analyze(word)
        if len(stems) != 1:
            return []
        query = tantivy.Query.fuzzy_term_query(self._schema, TEXT, stems[0], distance)
        return [row for row, _ in self._found(query, limit)]

    def search(
        self,
        question: str,
        limit: int,
        among: Rows | None = None,
        pair_weight: float = DEFAULT.pair_weight,
    ) -> list[tuple[int, float]]:
        """The rows that share words with ``question``, best first, with the share that they hold.

        ``share = (sum of rarity(w) + pair_weight * sum of rarity(p)) / sum of rarity of all
        words``, over the words w and the pairs p of neighbouring words that question and passage
        have in common; ``rarity = log(1 + (N - n + 0.5) / (n + 0.5))`` for n of N passages. A
        passage that holds all words has 1, and more if some stand side by side as in the question.
        A figure of several parts, "ERR-4042", is a word besides them. Where ``among`` is given, the
        best of those, with the same shares.

        This is BM25 with k1 = 0: neither how often a word stands in a passage nor the passage's
        length counts. Passages are short and cut to one size, so both are mostly chance: fused,
        SQuAD 2.0's right paragraph is first for 0.829 of the questions, and for 0.812 with
        k1 = 1.2 and b = 0.75. Pairs are those of Metzler and Croft, "A Markov Random Field Model
        for Term Dependencies", SIGIR 2005, in their sequential form.
        """
        asked = Asked.by(question, self._analyzer)
        if not asked.words:
            return []
        rarities = [self._rarity(*term) for term in asked.words]
        parts = [self._part(*t, rarity) for t, rarity in zip(asked.words, rarities, strict=True)]
        parts += [self._part(*pair, pair_weight * self._rarity(*pair)) for pair in asked.pairs]
        query = tantivy.Query.boolean_query([(tantivy.Occur.Should, part) for part in parts])
        if among is not None:
            query = self._among(query, among)
        return [(row, score / sum(rarities)) for row, score in self._found(query, limit)]

    def _rarity(self, field: str, term: str) -> float:
        return rarity(self._holding(field, term), len(self))

    def _holding(self, field: str, term: str) -> int:
        return sum(int(searcher.doc_freq(field, term)) for searcher in self._searchers)

    def _part(self, field: str, term: str, score: float) -> tantivy.Query:
        query = tantivy.Query.term_query(self._schema, field, term, "basic")
        return tantivy.Query.const_score_query(query, score)

    def _among(self, query: tantivy.Query, rows: Rows) -> tantivy.Query:
        """What ``query`` finds of ``rows``, with the same scores."""
        chosen = tantivy.Query.term_set_query(self._schema, _ROW, rows.tolist())
        required = (query, tantivy.Query.const_score_query(chosen, 0.0))
        return tantivy.Query.boolean_query([(tantivy.Occur.Must, part) for part in required])

    def _found(self, query: tantivy.Query, limit: int) -> list[tuple[int, float]]:
        def found(searchers: Sequence[tantivy.Searcher]) -> list[_Found]:
            return [
                (float(score), searcher, at)
                for searcher in searchers
                for score, at in searcher.search(query, limit, count=False).hits
            ]

        half = len(self._searchers) // 2
        if half:
            with ThreadPoolExecutor(1) as beside:
                first = beside.submit(found, self._searchers[:half])
                last = found(self._searchers[half:])
                every = [*first.result(), *last]
        else:
            every = found(self._searchers)
        best = sorted(every, key=lambda hit: -hit[0])[:limit]
        return [(int(searcher.doc(at)[_ROW][0]), score) for score, searcher, at in best]


def _shards(folder: Path) -> list[Path]:
    return sorted(folder.iterdir(), key=lambda shard: int(shard.name))


def _rows_of(shard: Path) -> Rows:
    rows: Rows = np.load(shard / _ROWS, allow_pickle=False)
    return rows


def _usable(before: Path, rows: Rows) -> list[Path]:
    """The shards of ``before`` whose rows all remain, and that are worth keeping as they are.

    One that is not half full is written anew together with new rows, so that few are small.
    """
    held = ((shard, _rows_of(shard)) for shard in _shards(before))
    return [
        shard
        for shard, kept in held
        if len(kept) > _SHARD // 2 and np.isin(kept, rows, assume_unique=True).all()
    ]


def _take_over(shard: Path, into: Path) -> None:
    """Link a shard's files, which never change, or copy them where links cannot be made."""
    into.mkdir()
    for file in shard.iterdir():
        if file.suffix != ".lock":
            try:
                (into / file.name).hardlink_to(file)
            except OSError:
                shutil.copyfile(file, into / file.name)


def _write_shard(folder: Path, rows: Rows, texts: Texts) -> None:
    folder.mkdir()
    index, analyzed = tantivy.Index(_schema(), path=str(folder)), analyzer()
    _register_tokenizers(index, analyzed)
    writer = index.writer(num_threads=1)
    for row, text in zip(rows, texts(rows), strict=True):
        document = tantivy.Document()
        document.add_unsigned(_ROW, int(row))
        document.add_text(TEXT, text)
        held = Held.by(text, analyzed)
        document.add_text(PAIRS, " ".join(held.pairs))
        document.add_text(FIGURES, " ".join(held.figures))
        writer.add_document(document)
    writer.commit()
    writer.wait_merging_threads()
    np.save(folder / _ROWS, rows, allow_pickle=False)
