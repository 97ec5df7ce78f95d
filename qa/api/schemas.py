"""What is sent to the contract's routes and comes back, as OpenAPI describes it."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    GetJsonSchemaHandler,
    SerializerFunctionWrapHandler,
    model_serializer,
)
from pydantic_core import CoreSchema

from footnoted.qa.conversations.types import Verdict
from footnoted.qa.suggestions.types import Kind as SuggestionKind
from footnoted.qa.types import Form, Outcome, Why


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")

    @model_serializer(mode="wrap")
    def _as_given(self, written: SerializerFunctionWrapHandler) -> dict[str, Any]:
        """What some answers alone have is left out of the others, as it is wherever JSON is."""
        given = self.model_fields_set
        return {name: value for name, value in written(self).items() if name in given}

    @classmethod
    def __get_pydantic_json_schema__(
        cls, schema: CoreSchema, describe: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        """The fields, which a function that writes them would hide."""
        return describe({key: value for key, value in schema.items() if key != "serialization"})


Collection = Field(
    default="", description="the name of a collection; by default the first of those listed"
)


# -- what is sent ----------------------------------------------------------------------------------


class Within(Strict):
    collection: str = Collection
    documents: list[str] = Field(
        default=[], description="ask these alone: ids, titles, or folders that ids begin with"
    )
    since: str = Field(
        default="", description="ask those alone dated so or later: YYYY, YYYY-MM or YYYY-MM-DD"
    )
    until: str = Field(default="", description="ask those alone dated so or earlier")


class Ask(Within):
    question: str = Field(description="the question, in plain words")
    history: list[str] = Field(
        default=[], description="the earlier questions of the conversation, oldest first"
    )


class LookUp(Strict):
    text: str = Field(description="the quotation")
    collection: str = Collection


class Remove(Strict):
    ids: list[str] = Field(
        min_length=1, description="of documents; or names under which files were added"
    )
    collection: str = Collection


class Restore(Strict):
    token: str = Field(description="of a removal")
    collection: str = Collection


class Rename(Strict):
    name: str = Field(description="under which a file was added")
    new: str
    collection: str = Collection


class ModelName(Strict):
    name: str = Field(description="URL#MODEL; empty, to have answers quoted", max_length=2000)


class ModelAddress(Strict):
    address: str = Field(max_length=2000)


class Verify(Strict):
    answer: dict[str, object] = Field(description="an answer object, as /api/ask gave it")
    collection: str = Collection


class CollectionName(Strict):
    name: str


class CollectionRename(Strict):
    name: str
    new: str


class Share(Strict):
    name: str
    readers: Literal["everyone"] | list[str] = Field(
        description="who may read it beside you: everyone with an account, or those of these names"
    )
    editors: list[str] = Field(
        default=[], description="who may also add and remove files, by their names"
    )


class ConversationId(Strict):
    id: str


class Place(Strict):
    document: str
    start: int
    end: int


class Judge(Strict):
    id: str
    number: int = Field(description="of the question, from 1 on")
    verdict: Verdict | None = Field(
        description="null takes it back; unanswerable: it should have been declined"
    )
    place: Place | None = Field(None, description="of a wrong answer: the words that are right")


class Retitle(Strict):
    id: str
    title: str


# -- what comes back -------------------------------------------------------------------------------


class Error(Strict):
    error: str = Field(description="one line that says what to do")


class CitationObject(Strict):
    """``start`` and ``end`` count Unicode code points in the document's canonical text, where the
    quotation stands between them, always."""

    number: int
    document: str
    title: str
    start: int
    end: int
    quote: str
    page: int | None
    sha256: str
    publisher: str | None
    date: str | None
    heading: list[str]
    page_label: str | None


class MatchObject(CitationObject):
    match: Literal["exact", "close"]
    similarity: float


class ShortAnswerObject(Strict):
    text: str
    confidence: float
    citations: list[int]
    speaker: str | None


class StatementObject(Strict):
    text: str
    support: Literal["verbatim", "supported", "unsupported"]
    citations: list[int]
    why: str | None = None


class WrittenObject(Strict):
    """Of ``sentences`` that a language model wrote, so many are ``supported``; the others are among
    the statements where it ``shows`` them. ``failure``: nothing of it is used."""

    sentences: int
    supported: int
    shows: bool
    failure: str | None


class CoverageObject(Strict):
    documents: int
    passages: int
    passages_read: int
    unreadable: int


class LeftOutObject(Strict):
    text: str
    why: Why
    confidence: float
    document: str
    start: int
    end: int


class LedgerObject(Strict):
    documents: int
    passages: int
    candidates: int
    left_out: list[LeftOutObject]


class ModelsObject(Strict):
    embedder: str
    reader: str
    generator: str | None


class IndexObject(Strict):
    id: str
    generation: int


class SecondsObject(Strict):
    retrieve: float
    read: float
    total: float


class ScopeObject(Strict):
    """Some documents alone were asked; ``undated`` are left out by ``since`` and ``until``."""

    documents: int
    of: int
    undated: int
    since: str | None
    until: str | None


class RowObject(Strict):
    """A line of an answer that is laid out: the numbers of its citations, by column."""

    quoted: list[list[int]]
    label: str = Field(description="a document, a date, who takes a position, or shared words")
    under: str = Field(description="what it stands under, with the rows before it that do")
    dated: str = Field(description="when, as far as the label does not tell")


class AnswerObject(Strict):
    """``answered`` false: ``answers``, ``statements`` and ``citations`` are empty, ``nearest``
    holds the closest passages, ``outcome`` says why."""

    format: int
    question: str
    understood: str
    answered: bool
    confidence: float
    answers: list[ShortAnswerObject]
    statements: list[StatementObject]
    citations: list[CitationObject]
    coverage: CoverageObject
    nearest: list[CitationObject]
    models: ModelsObject
    index: IndexObject
    seconds: SecondsObject
    outcome: Outcome
    corrected: dict[str, str]
    ledger: LedgerObject | None
    unanswered: list[str] = Field(description="parts of the question that nothing answers")
    within: ScopeObject | None = Field(description="null where all documents were asked")
    written: WrittenObject | None = Field(None, description="what a language model wrote of it")
    form: Form | None = Field(default=None, description="absent where it is of none, as its parts")
    columns: list[str] = Field(default=[], description="whose the columns of a comparison are")
    rows: list[RowObject] = Field(default=[], description="how the statements of a form stand")
    note: str = Field(
        default="",
        description="what of a form could not be given, and why; which rows were compared",
    )


class SuggestionObject(Strict):
    """A question that was asked, and answered: ``answer`` is what was said in short."""

    question: str
    kind: SuggestionKind = Field(description="what it was made of")
    answer: str
    confidence: float
    document: str = Field(description="the id of the document that is cited first")


class SuggestionsObject(Strict):
    suggestions: list[SuggestionObject]
    ready: bool = Field(description="whether this is all; otherwise there may soon be more")


class CollectionObject(Strict):
    """``documents`` and ``passages`` are null where the index cannot be read."""

    name: str
    documents: int | None
    passages: int | None
    is_sample: bool
    is_own: bool = Field(description="whether it can be renamed and deleted")
    may_change: bool = Field(description="whether files can be added and removed")
    may_share: bool = Field(description="whether it is for the caller to say who reads it")
    owner: str | None = Field(description="the account that made it; null: nobody's own")


class AccessObject(Strict):
    """Without an owner, everyone may read it, and editors change it."""

    owner: str | None
    readers: Literal["everyone"] | list[str]
    editors: list[str]


class ConversationObject(Strict):
    id: str
    title: str
    collection: str
    turns: int = Field(description="how many questions were asked")
    updated: str = Field(description="a time of ISO 8601, in UTC")


class EvidenceObject(Strict):
    document: str
    start: int
    quote: str


class TurnObject(Strict):
    """Without an answer and an error, the question is still being read."""

    question: str
    answer: AnswerObject | None
    error: str | None
    verdict: Verdict | None
    place: EvidenceObject | None = Field(description="what would have been right")


class RemovalObject(Strict):
    token: str = Field(description="undoes the removal, with /api/restore, for a while")
    files: list[str]
    documents: list[str]


class WritingObject(Strict):
    model: str | None = Field(description="that writes; null where answers are quoted")
    chosen: str = Field(description="what was chosen in the page, as URL#MODEL")
    may_choose: bool


class StateObject(Strict):
    generation: int
    change: str = Field(description="another text after each change")


class HealthObject(Strict):
    status: Literal["ok", "warming up"]
    version: str
