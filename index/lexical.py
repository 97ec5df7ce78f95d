"""Passages by their words: BM25 with tantivy."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import tantivy

from corpus.words import content_words

_TEXT = "text"
_ROW = "row"
_ANALYZER = "footnoted"


def _analyzer() -> tantivy.TextAnalyzer:
    """Words, lower-cased, without accents, English ones stemmed; as queries and passages alike."""
    return (
        tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple())
        .filter(tantivy.Filter.remove_long(100))
        .filter(tantivy.Filter.lowercase())
        .filter(tantivy.Filter.ascii_fold())
        .filter(tantivy.Filter.stemmer("english"))
        .build()
    )


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_unsigned_field(_ROW, stored=True)
    # Positions are left out: nothing asks for phrases here, and they double the size.
    builder.add_text_field(_TEXT, tokenizer_name=_ANALYZER, index_option="freq")
    return builder.build()


class LexicalIndex:
    """A folder with tantivy's files."""

    def __init__(self, index: tantivy.Index) -> None:
        self._analyzer = _analyzer()
        self._index = index
        self._index.register_tokenizer(_ANALYZER, self._analyzer)
        self._searcher = index.searcher()

    @classmethod
    def build(cls, passages: Iterable[tuple[int, str]], folder: Path) -> LexicalIndex:
        """Index (row, text) pairs into an empty ``folder``."""
        index = tantivy.Index(_schema(), path=str(folder))
        index.register_tokenizer(_ANALYZER, _analyzer())
        writer = index.writer(num_threads=1)
        for row, text in passages:
            document = tantivy.Document()
            document.add_unsigned(_ROW, row)
            document.add_text(_TEXT, text)
            writer.add_document(document)
        writer.commit()
        writer.wait_merging_threads()
        index.reload()
        return cls(index)

    @classmethod
    def read(cls, folder: Path) -> LexicalIndex:
        """Read what ``build`` wrote; damaged files raise ValueError."""
        return cls(tantivy.Index.open(str(folder)))

    def __len__(self) -> int:
        return int(self._searcher.num_docs)

    def frequency(self, word: str) -> int:
        """The number of passages that hold ``word``, in any of its forms."""
        stems = self._analyzer.analyze(word)
        return max((self._searcher.doc_freq(_TEXT, stem) for stem in stems), default=0)

    def holders(self, word: str) -> list[int] | None:
        """The rows that hold ``word`` in any of its forms; None if it is not one word here."""
        stems = self._analyzer.analyze(word)
        if len(stems) != 1:
            return None
        query = tantivy.Query.term_query(self._index.schema, _TEXT, stems[0], "freq")
        found = self._searcher.search(query, max(1, self.frequency(word)))
        return [int(self._searcher.doc(address)[_ROW][0]) for _, address in found.hits]

    def search(self, question: str, limit: int) -> list[int]:
        """The rows that share words with ``question``, best first by BM25.

        The question is taken as words only: it holds no operators, whatever stands in it. Words
        like "how" and "the" are asked for only where there are no others: in a small corpus they
        are as rare as any, and would count as much.
        """
        schema = self._index.schema
        meant = " ".join(word.text for word in content_words(question))
        words = dict.fromkeys(self._analyzer.analyze(meant))
        if not words:
            return []
        query = tantivy.Query.boolean_query(
            [
                (tantivy.Occur.Should, tantivy.Query.term_query(schema, _TEXT, word, "freq"))
                for word in words
            ]
        )
        found = self._searcher.search(query, limit)
        return [int(self._searcher.doc(address)[_ROW][0]) for _, address in found.hits]
