"""What an index is in Qdrant: points, each of a kind, seen from one change on until another.

A point's ``since`` is the number of the change that added it, ``until`` that of the change that
removed it, if one did. Who reads at a change sees what was added by then and not removed by then,
whatever a writer does beside. The number of the newest change stands in one point, the manifest.

No number is given twice, not even that of a change that came to nothing: whatever its writer sent
may arrive at any time after. Such numbers are void, and what bears one counts for nothing.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from itertools import zip_longest
from typing import Any, Literal, NamedTuple, cast

from qdrant_client import models

from footnoted.corpus.types import Annotations, Document, Listed, Page, Passage, Span
from footnoted.index.nearness import marks
from footnoted.index.terms import FIGURES, PAIRS, TEXT, Held, Term
from footnoted.index.types import Entry, FileReceipt, Sketched, StoredDocument, StoredFile

Kind = Literal["manifest", "document", "body", "passage", "file", "source", "embedding"]

DENSE, WORDS, KEPT = "dense", "words", "kept"
"""The vectors of a passage, by meaning and by its terms, and of an embedding that is kept."""

KEYWORDS = "kind document path source key stems same_as near sha256 writer".split()
INTEGERS = "since until number terms marks version beat unreadable".split()
"""What is asked for, by its type, and so indexed."""

ABOUT = "document title publisher date author language reader sha256 path source".split()
LISTED = [*ABOUT, "characters", "pages"]
SKETCHED = ["document", "path", "sketch"]

# In characters: of a document's text, or what is known of its structure, so much to a point. A
# server takes 32 MB at once.
_PIECE = 1_000_000


def point_id(*parts: object) -> int:
    """A number of 63 bits, the same whenever the same is named."""
    told = "\0".join(map(str, parts)).encode("utf-8", "surrogatepass")
    return int.from_bytes(hashlib.sha256(told).digest()[:8]) >> 1


MANIFEST = point_id("manifest")


def term_number(term: Term) -> int:
    """The place of a term in sparse vectors: 32 bits of a hash of its field and itself."""
    return int.from_bytes(hashlib.sha256("\0".join(term).encode()).digest()[:4])


# -- filters ---------------------------------------------------------------------------------------


def equals(field: str, value: str | int) -> models.FieldCondition:
    return models.FieldCondition(key=field, match=models.MatchValue(value=value))


def one_of(field: str, values: Sequence[str] | Sequence[int]) -> models.FieldCondition:
    among = models.MatchAny(any=cast(list[str], list(values)))
    return models.FieldCondition(key=field, match=among)


Numbers = tuple[int, int]
"""Of changes, from the first to the last of them."""


class Moment(NamedTuple):
    """What has counted by the ``change`` with this number: the changes up to it but the void."""

    change: int
    void: tuple[Numbers, ...] = ()

    def counts(self, field: str) -> models.Condition:
        """That a field holds the number of a change that has counted by then."""
        by_then = models.FieldCondition(key=field, range=models.Range(lte=self.change))
        if not self.void:
            return by_then
        return models.Filter(must=[by_then], must_not=self.is_void(field))

    def is_void(self, field: str) -> list[models.Condition]:
        """That it holds one of those that are void; any of the conditions."""
        return [between(field, *numbers) for numbers in self.void]


def between(field: str, first: int, last: int) -> models.FieldCondition:
    """That a change has one of these numbers, of which there may be none."""
    return models.FieldCondition(key=field, range=models.Range(gte=first, lte=last))


def ids(numbers: Sequence[int]) -> models.HasIdCondition:
    return models.HasIdCondition(has_id=list(numbers))


def seen(at: Moment, *conditions: models.Condition) -> models.Filter:
    """What is there at a moment, of what meets the conditions."""
    return models.Filter(must=[*conditions, at.counts("since")], must_not=[at.counts("until")])


# -- points ----------------------------------------------------------------------------------------


def document_points(
    stored: StoredDocument, passages: int, sketch: bytes, since: int, number: int
) -> Iterator[models.PointStruct]:
    """A document, and what it holds in pieces. ``number`` tells its place among all files read."""
    d = stored.document
    entry = {**stored.entry._asdict(), "document": d.id, "pages": [list(page) for page in d.pages]}
    like = {"sketch": _packed(sketch), "marks": marks(sketch)}
    told = {"characters": len(d.text), "passages": passages, **like}
    yield _point("document", [d.id], since, {**entry, **told, "number": number})
    annotations = _packed(Annotations.of(d.annotations).encoded())
    cut = zip_longest(_pieces(d.text), _pieces(annotations), fillvalue="")
    for part, (text, structure) in enumerate(cut):
        body = {"document": d.id, "part": part, "text": text, "annotations": structure}
        yield _point("body", [d.id, part], since, body)


def passage_point(
    passage: Passage, key: str, held: Held, since: int, number: int
) -> models.PointStruct:
    """A passage without its vector by meaning, which its ``key`` names."""
    terms = {(TEXT, one) for one in held.stems} | {(PAIRS, one) for one in held.pairs}
    numbers = sorted({term_number(t) for t in terms | {(FIGURES, one) for one in held.figures}})
    payload = {
        "document": passage.document,
        "start": passage.start,
        "end": passage.end,
        "sentences": [list(sentence) for sentence in passage.sentences],
        "key": key,
        "number": number,
        "stems": sorted(set(held.stems)),
        "terms": numbers,
    }
    made = _point("passage", [passage.document, passage.start, passage.end, key], since, payload)
    if numbers:
        made.vector = {WORDS: models.SparseVector(indices=numbers, values=[1.0] * len(numbers))}
    return made


def file_point(file: StoredFile, since: int) -> models.PointStruct:
    receipt = file.receipt
    payload = {
        "path": receipt.path,
        "source": file.source,
        "told": file.told,
        "receipt": asdict(receipt),
        "unreadable": int(receipt.is_unreadable),
        "same_as": receipt.same_as,
        "near": receipt.near,
        "sha256": receipt.sha256,
    }
    return _point("file", [file.source, receipt.path], since, payload)


def source_point(source: str, since: int) -> models.PointStruct:
    return _point("source", [source], since, {"source": source})


def embedding_point(key: bytes, vector: Sequence[float]) -> models.PointStruct:
    """An embedding that is kept for a change to come; it is seen by none."""
    payload = {"kind": "embedding", "key": key.hex()}
    return models.PointStruct(
        id=embedding_id(key.hex()), payload=payload, vector={KEPT: list(vector)}
    )


def embedding_id(key: str) -> int:
    return point_id("embedding", key)


def _point(
    kind: Kind, named: Iterable[object], since: int, payload: dict[str, Any]
) -> models.PointStruct:
    """The same change makes the same points of the same things, however often it is tried."""
    return models.PointStruct(
        id=point_id(kind, *named, since),
        payload={"kind": kind, "since": since, **payload},
        vector={},
    )


# -- back ------------------------------------------------------------------------------------------


def read_entry(payload: Mapping[str, Any]) -> Entry:
    return Entry._make(payload.get(name) for name in Entry._fields)


def read_listed(payload: Mapping[str, Any]) -> Listed:
    return Listed(
        payload["document"],
        payload["title"],
        payload.get("publisher"),
        payload.get("date"),
        payload["characters"],
        payload["sha256"],
        payload.get("author"),
        payload.get("language"),
        max((page[2] for page in payload["pages"]), default=None),
        payload["reader"],
    )


def read_document(
    payload: Mapping[str, Any], bodies: Iterable[Mapping[str, Any]]
) -> StoredDocument:
    """A document of its own point and its pieces; a ValueError where its text has changed."""
    parts = sorted(bodies, key=lambda body: int(body["part"]))
    text = "".join(part["text"] for part in parts)
    structure = _unpacked("".join(part["annotations"] for part in parts))
    document = Document(
        payload["document"],
        text,
        payload["title"],
        payload.get("publisher"),
        payload.get("date"),
        payload.get("author"),
        payload.get("language"),
        payload["reader"],
        tuple(Page(*page) for page in payload["pages"]),
        Annotations.decoded(structure),
    )
    if document.sha256 != payload["sha256"]:
        raise ValueError(f"the text of {document.id} has changed in it")
    return StoredDocument(document, payload["path"], payload["source"])


def read_passage(payload: Mapping[str, Any]) -> Passage:
    sentences = tuple(Span(a, b) for a, b in payload["sentences"])
    return Passage(payload["document"], payload["start"], payload["end"], sentences)


def read_file(payload: Mapping[str, Any]) -> StoredFile:
    receipt = dict(payload["receipt"])
    several = {name: tuple(receipt[name]) for name in ("warnings", "languages", "lost")}
    return StoredFile(payload["source"], FileReceipt(**(receipt | several)), payload["told"])


def read_sketch(payload: Mapping[str, Any]) -> Sketched:
    return Sketched(payload["document"], payload["path"], _unpacked(payload["sketch"]))


def weight(point: models.PointStruct) -> int:
    """About how many bytes it takes to send a point."""
    vectors = cast(dict[str, Any], point.vector).values()
    numbers = sum(len(getattr(one, "indices", one)) for one in vectors)
    return len(json.dumps(point.payload)) + 12 * numbers


def _pieces(text: str) -> Iterator[str]:
    yield from (text[at : at + _PIECE] for at in range(0, max(len(text), 1), _PIECE))


def _packed(content: bytes) -> str:
    return base64.b64encode(content).decode("ascii")


def _unpacked(text: str) -> bytes:
    return base64.b64decode(text, validate=True)
