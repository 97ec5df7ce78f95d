"""Question sets: every form read, every error refused with its place, nothing asked before."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from footnoted.corpus.errors import UnusableInput
from footnoted.corpus.files import SHIPPED_QUESTIONS
from footnoted.corpus.types import Document
from footnoted.qa.evaluation.questions import check_evidence, read, refuse_foreign
from footnoted.qa.evaluation.types import Evidence, Question

GOOD = {"id": "q1", "question": "Who?", "answers": [["Ann", "Ann Lee"]]}

Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def write(name: str, *lines: Any) -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        texts = [line if isinstance(line, str) else json.dumps(line) for line in lines]
        path.write_text("\n".join(texts), encoding="utf-8")
        return path

    return write


# -- the project's own form ----------------------------------------------------------------------


def test_shipped_questions_are_read_and_their_evidence_holds(
    shipped_documents: dict[str, Document],
) -> None:
    read_set = read(SHIPPED_QUESTIONS)
    assert len(read_set.questions) == 25
    assert read_set.warnings == ()
    assert check_evidence(read_set.questions, shipped_documents.values()) == []


def test_every_field_is_read(write: Write) -> None:
    line = {
        **GOOD,
        "evidence": [
            {"document": "a.txt", "start": 3, "quote": "Ann"},
            {"document": "b", "quote": "x"},
        ],
        "history": ["What?", "When?"],
        "kind": "fact",
    }
    (question,) = read(write("q.jsonl", "\ufeff" + json.dumps(line), "", "  ")).questions
    assert question == Question(
        id="q1",
        question="Who?",
        answers=(("Ann", "Ann Lee"),),
        evidence=(Evidence("a.txt", 3, "Ann"), Evidence("b", None, "x")),
        history=("What?", "When?"),
        kind="fact",
        relevant={"a.txt": 1, "b": 1},
    )


def test_optional_fields_may_be_missing_or_null(write: Write) -> None:
    nothing = {"evidence": None, "history": None, "kind": None, "passage": None}
    for line in (GOOD, {**GOOD, **nothing}):
        (question,) = read(write("q.jsonl", line)).questions
        assert question == Question("q1", "Who?", (("Ann", "Ann Lee"),))


@pytest.mark.parametrize(("passage", "gold"), [("p1", ["p1"]), (["p1", "p2"], ["p1", "p2"])])
def test_passage_names_the_gold_documents(write: Write, passage: Any, gold: list[str]) -> None:
    line = {**GOOD, "passage": passage, "evidence": [{"document": "other", "quote": "x"}]}
    (question,) = read(write("q.jsonl", line)).questions
    assert question.relevant == dict.fromkeys(gold, 1)


def test_line_separators_inside_a_string_end_no_line(write: Write) -> None:
    path = write("q.jsonl", json.dumps({**GOOD, "question": "Who\u2028is it?"}, ensure_ascii=False))
    assert read(path).questions[0].question == "Who\u2028is it?"


def test_unknown_fields_are_warned_of_once(write: Write) -> None:
    line = {**GOOD, "colour": 1, "evidence": [{"document": "d", "quote": "q", "end": 9}]}
    warnings = read(write("q.jsonl", line, {**line, "id": "q2"})).warnings
    assert [warning.split("line 1: ")[1] for warning in warnings] == [
        "the field 'colour' is unknown and passed over",
        "the field 'evidence.end' is unknown and passed over",
    ]


def evidence(**fields: Any) -> dict[str, Any]:
    return {"evidence": [{"document": "d", "quote": "q", **fields}]}


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("{", "is not valid JSON"),
        ("[1]", "is not a JSON object; write one JSON object a line"),
        (json.dumps([GOOD]), "is not a JSON object; write one JSON object a line"),
        (json.dumps(GOOD) + ",", "is not valid JSON (Extra data, column 66); write one"),
        ("null", "is not a JSON object"),
        ('{"id": NaN}', "NaN is no JSON number"),
        ('{"id": -Infinity}', "-Infinity is no JSON number"),
        ("[" * 100_000, "too deeply nested"),
        ('{"id": ' + "1" * 5000 + "}", "is not valid JSON"),
        ({"id": "q", "answers": []}, "the field question is missing"),
        ({"question": "Who?", "answers": []}, "the field id is missing"),
        ({"id": "q", "question": "Who?"}, "the field answers is missing; give [] if"),
        ({**GOOD, "question": " "}, "question is empty"),
        ({**GOOD, "question": ["Who?"]}, "question is not a string"),
        ({**GOOD, "question": "w" * 2001}, "ask in at most 2,000"),
        ({**GOOD, "question": "\ud800"}, "half of a surrogate pair"),
        ({**GOOD, "id": 7}, "id is not a string; put it between quotation marks"),
        ({**GOOD, "answers": "Ann"}, "answers is not a list"),
        ({**GOOD, "answers": None}, "the field answers is missing; give [] if"),
        ({**GOOD, "answers": ["Ann"]}, "answers[0] is not a list of the wordings of one fact"),
        ({**GOOD, "answers": [None]}, "answers[0] is not a list of the wordings of one fact"),
        ({**GOOD, "answers": [["Ann"], []]}, "answers[1] is not a list of the wordings"),
        ({**GOOD, "answers": [["Ann", ""]]}, "answers[0][1] is empty; fill it in or"),
        ({**GOOD, "answers": [[None]]}, "answers[0][0] is not a string"),
        ({**GOOD, "history": "What?"}, "history is not a list"),
        ({**GOOD, "history": [""]}, "history[0] is empty"),
        ({**GOOD, "history": ["w" * 2001]}, "ask in at most 2,000"),
        ({**GOOD, "kind": 3}, "kind is not a string"),
        ({**GOOD, "passage": {}}, "passage is not a list"),
        ({**GOOD, "evidence": {}}, "evidence is not a list"),
        ({**GOOD, "evidence": ["d"]}, "evidence[0] is not a JSON object"),
        ({**GOOD, "evidence": [{"quote": "q"}]}, "evidence[0] the field document is missing"),
        ({**GOOD, **evidence(quote="")}, "evidence[0] quote is empty"),
        ({**GOOD, **evidence(start=-1)}, "evidence[0] start is not between 0 and"),
        ({**GOOD, **evidence(start=10**30)}, "evidence[0] start is not between 0 and"),
        ({**GOOD, **evidence(start=1.0)}, "evidence[0] start is not a whole number"),
        ({**GOOD, **evidence(start=True)}, "evidence[0] start is not a whole number"),
        ({**GOOD, **evidence(start="1")}, "evidence[0] start is not a whole number"),
        (GOOD, "the id 'q1' is that of"),
        ({**GOOD, "passage": [""]}, "passage[0] is empty"),
    ],
)
def test_an_error_is_refused_with_its_line(write: Write, line: Any, message: str) -> None:
    path = write("q.jsonl", GOOD, "", line)
    with pytest.raises(UnusableInput) as refusal:
        read(path)
    assert str(refusal.value).startswith(f"{path}: line 3: ")
    assert message in str(refusal.value)
    assert "\n" not in str(refusal.value)


def test_huge_exponents_are_no_numbers_to_count_with(write: Write) -> None:
    line = json.dumps({**GOOD, **evidence(start=0)}).replace('"start": 0', '"start": 1e999')
    with pytest.raises(UnusableInput, match="start is not a whole number"):
        read(write("q.jsonl", line))


@pytest.mark.parametrize(
    ("name", "data", "message"),
    [
        ("q.jsonl", b"", "holds no questions"),
        ("q.jsonl", b"\n \n", "holds no questions"),
        ("q.jsonl", b"{}\n\xff\xfe", "line 2: is not UTF-8"),
        ("q.csv", "question,answer\nWho?,Ren\xe9".encode("latin-1"), "line 2: is not UTF-8"),
        ("q.json", "{}".encode("utf-16"), "is not in SQuAD's form"),
        ("q.csv", "question,answer\nWho?,A".encode("utf-16")[:-1], "line 2: is not UTF-8"),
        ("q.csv", "question,answer\nWho?,A".encode("utf-16-le"), "must name the columns"),
        ("q.txt", b"Who?", "is no question set"),
        ("q.csv", b"", "must name the columns"),
    ],
)
def test_unreadable_files_are_refused(tmp_path: Path, name: str, data: bytes, message: str) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    with pytest.raises(UnusableInput, match=message):
        read(path)


@pytest.mark.parametrize("name", ["none.jsonl", "none.csv", "none.json", "none", "none.xml"])
def test_a_missing_file_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(UnusableInput, match=r"cannot be opened|does not exist"):
        read(tmp_path / name)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)
names = st.sampled_from(["id", "question", "answers", "evidence", "history", "kind", "passage"])


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    data=st.binary()
    | st.text().map(str.encode)
    | st.dictionaries(names, json_values).map(
        lambda fields: json.dumps({**GOOD, **fields}).encode()
    )
    | json_values.map(lambda value: json.dumps(value).encode()),
    name=st.sampled_from(["q.jsonl", "q.csv", "q.json"]),
)
def test_whatever_a_file_holds_it_is_read_or_refused_in_one_line(
    tmp_path: Path, data: bytes, name: str
) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    try:
        questions = read(path).questions
    except UnusableInput as refusal:
        assert len(str(refusal).splitlines()) == 1
    else:
        assert questions


# -- evidence ------------------------------------------------------------------------------------


def test_evidence_that_does_not_hold_is_reported_by_question() -> None:
    documents = [Document("d", "One boat. One boat.", "D")]
    question = Question(
        id="q",
        question="?",
        answers=(("boat",),),
        evidence=(
            Evidence("d", 0, "One boat"),
            Evidence("d", 10, "One boat"),
            Evidence("d", None, "boat."),
            Evidence("d", 1, "One boat"),
            Evidence("d", 10**15, "One"),
            Evidence("d", None, "two boats"),
            Evidence("e", 0, "One boat"),
        ),
        relevant={"d": 1, "f": 1},
    )
    assert check_evidence([question], documents) == [
        "q: there is no document 'e'",
        "q: there is no document 'f'",
        "q: 'One boat' does not stand at 1 in d",
        f"q: 'One' does not stand at {10**15} in d",
        "q: 'two boats' does not stand in d",
    ]


def test_questions_on_other_documents_are_refused_with_the_first_of_what_is_not_there() -> None:
    documents = [Document("d", "One boat.", "D")]
    gone = [Question(f"q{n}", "?", (), (Evidence("e", None, "x"),)) for n in range(5)]
    refuse_foreign([Question("q", "?", (), (Evidence("d", 4, "boat"),))], documents, "index them")
    with pytest.raises(UnusableInput) as refusal:
        refuse_foreign(gone, documents, "index them")
    assert str(refusal.value) == (
        "the questions are about other documents: q0: there is no document 'e'; "
        "q1: there is no document 'e'; q2: there is no document 'e'; and 2 more; index them"
    )


# -- CSV -----------------------------------------------------------------------------------------


def test_csv(write: Write) -> None:
    path = write(
        "q.csv",
        "question,answer",
        '"Who, then?",Ann | Bo|',
        "",
        '"Two',
        'lines?",',
        "Why?,because",
    )
    assert read(path).questions == (
        Question("1", "Who, then?", (("Ann",), ("Bo",))),
        Question("2", "Two\nlines?", ()),
        Question("3", "Why?", (("because",),)),
    )


def test_csv_columns_stand_in_any_order_and_unknown_ones_are_warned_of(write: Write) -> None:
    read_set = read(write("q.csv", "Answer,kind,note,question,id", "Ann,fact,x,Who?,a7"))
    assert read_set.questions == (Question("a7", "Who?", (("Ann",),), kind="fact"),)
    assert len(read_set.warnings) == 1
    assert "'note' is unknown" in read_set.warnings[0]


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("Who?", "has 1 cells, not 2"),
        ("Who?,Ann,Bo", "has 3 cells, not 2"),
        (",Ann", "question is empty; fill it in or delete the line"),
        (",", "question is empty; fill it in or delete the line"),
        ('Who "x,y",Ann', "has 3 cells, not 2; put a cell that holds a comma between"),
        ('"Who?" x,Ann', "is not valid CSV"),
        ('"Who?,Ann', "is not valid CSV"),
        ("w" * 200_000 + ",Ann", "is not valid CSV"),
    ],
)
def test_csv_errors_are_refused_with_their_line(write: Write, row: str, message: str) -> None:
    csv.field_size_limit(1 << 17)  # as a process has it that has read no tables
    path = write("q.csv", "question,answer", '"One\nor two?",Ann', row)
    with pytest.raises(UnusableInput) as refusal:
        read(path)
    assert str(refusal.value).startswith(f"{path}: line 4: ")
    assert message in str(refusal.value)


@pytest.mark.parametrize(
    "header",
    [
        "question",
        "question answer",
        "question:answer",
        "question,answer,answer",
        "question;answer;answer",
        "question,answers",
        "Question,Right answer",
    ],
)
def test_csv_needs_its_columns(write: Write, header: str) -> None:
    with pytest.raises(UnusableInput, match="line 1: must name the columns question and answer"):
        read(write("q.csv", header, "Who?"))


@pytest.mark.parametrize("between", [",", ";", "\t"])
@pytest.mark.parametrize("said", ["", "sep={}"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_csv_is_read_as_spreadsheets_write_it(
    tmp_path: Path, between: str, said: str, end: str, encoding: str
) -> None:
    first = [said.format(between)] if said else []
    lines = [["Question", '"Answer"'], ['"Who, then; say?"', "Zoë"], ["", ""], ["When?", "May"]]
    lines[2:3] = []
    path = tmp_path / "q.csv"
    text = end.join([*first, *map(between.join, lines), ""])
    path.write_bytes(text.encode(encoding))
    assert read(path).questions == (
        Question("1", "Who, then; say?", (("Zoë",),)),
        Question("2", "When?", (("May",),)),
    )
    path.write_bytes((text + f"Why?{between}a{between}b").encode(encoding))
    named = {",": "comma", ";": "semicolon", "\t": "tab"}[between]
    with pytest.raises(UnusableInput, match=f"line {len(lines) + len(first) + 1}: .* a {named} "):
        read(path)


def test_empty_cells_at_the_end_of_rows_are_passed_over(write: Write) -> None:
    read_set = read(write("q.csv", "question,answer,,", "Who?,Ann,,,,", "When?,May,,"))
    assert [question.answers for question in read_set.questions] == [(("Ann",),), (("May",),)]
    assert [warning.split(": ")[1] for warning in read_set.warnings] == [
        "the column '' is unknown and passed over"
    ]


def test_words_for_nothing_are_words(write: Write) -> None:
    read_set = read(write("q.csv", "question,answer", "Who?,NA", "What?,nan", "Why?,None"))
    answers = [question.answers for question in read_set.questions]
    assert answers == [(("NA",),), (("nan",),), (("None",),)]


# -- SQuAD ---------------------------------------------------------------------------------------

CONTEXT = "Ann Lee sails. Ann rests."


def squad(*questions: dict[str, Any]) -> dict[str, Any]:
    return {
        "version": "v2.0",
        "data": [{"title": "T", "paragraphs": [{"context": CONTEXT, "qas": list(questions)}]}],
    }


ASKED = {
    "id": "s1",
    "question": "Who sails?",
    "is_impossible": False,
    "answers": [
        {"text": "Ann", "answer_start": 0},
        {"text": "Ann Lee", "answer_start": 0},
        {"text": "Ann", "answer_start": 0},
    ],
}
IMPOSSIBLE = {
    "id": "s2",
    "question": "Who rows?",
    "is_impossible": True,
    "answers": [],
    "plausible_answers": [{"text": "Ann", "answer_start": 15}],
}


def test_squad_has_evidence_in_documents_that_are_its_paragraphs(write: Write) -> None:
    path = write("q.json", squad(ASKED, IMPOSSIBLE))
    documents = [Document("d", CONTEXT, "D"), Document("e", CONTEXT + "\n", "E")]
    read_set = read(path, documents)
    assert read_set.questions == (
        Question(
            id="s1",
            question="Who sails?",
            answers=(("Ann", "Ann Lee"),),
            evidence=(Evidence("d", 0, "Ann"), Evidence("d", 0, "Ann Lee")),
            relevant={"d": 1},
        ),
        Question("s2", "Who rows?", (), relevant={"d": 1}),
    )
    assert check_evidence(read_set.questions, documents) == []


def test_squad_1_without_its_paragraphs_has_no_evidence(write: Write) -> None:
    asked = {name: ASKED[name] for name in ("id", "question", "answers")}
    (question,) = read(write("q.json", squad(asked))).questions
    assert question == Question("s1", "Who sails?", (("Ann", "Ann Lee"),))


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ([], "the list data is missing"),
        ({}, "the list data is missing"),
        ({"data": [1]}, r"data\[0\] is not a JSON object"),
        ({"data": {}}, "data is not a list"),
        ({"data": [{"paragraphs": [{"qas": []}]}]}, r"data\[0\] paragraphs\[0\] the field context"),
        (squad({**ASKED, "id": 4}), r"qas\[0\] id is not a string"),
        (squad({**ASKED, "is_impossible": "no"}), "is_impossible is neither true nor false"),
        (squad({**ASKED, "answers": [{"text": "Ann"}]}), "the field answer_start is missing"),
        (squad(ASKED, ASKED), r"qas\[1\]: the id 's1' is that of"),
        (squad(), "holds no questions"),
        ('{"data":\n [}', "is not valid JSON .* line 2, column 3"),
    ],
)
def test_squad_errors_are_refused_with_their_place(
    write: Write, content: Any, message: str
) -> None:
    with pytest.raises(UnusableInput, match=message):
        read(write("q.json", content))


# -- BEIR ----------------------------------------------------------------------------------------


def beir(write: Write, *judgments: str) -> Path:
    write("set/qrels/test.tsv", "query-id\tcorpus-id\tscore", *judgments, "")
    return write(
        "set/queries.jsonl",
        {"_id": "1", "text": "Who?", "metadata": {}},
        {"_id": "2", "text": "When?"},
        {"_id": "3", "text": "Why?"},
    ).parent


def test_beir_asks_the_judged_queries_and_knows_no_answers(write: Write) -> None:
    read_set = read(beir(write, "1\td1\t2", "1\td2\t0", "1\td3\t1", "2\td1\t0"))
    assert read_set.questions == (
        Question("1", "Who?", (), relevant={"d1": 2, "d3": 1}, answers_known=False),
    )
    assert "2 queries have no relevant document" in read_set.warnings[0]


@pytest.mark.parametrize(
    ("judgment", "message"),
    [
        ("1\td1", "test.tsv: line 2: is not query-id, corpus-id and score"),
        ("1\td1\tyes", "line 2: the score yes is no whole number"),
        ("1\td1\t" + "9" * 5000, "line 2: the score 9+ is no whole number"),
        ("9\td1\t1", "queries.jsonl: the judged query '9' is missing"),
    ],
)
def test_beir_errors_are_refused(write: Write, judgment: str, message: str) -> None:
    with pytest.raises(UnusableInput, match=message):
        read(beir(write, judgment))


def test_a_folder_that_is_no_beir_set_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnusableInput, match=r"test\.tsv cannot be opened"):
        read(tmp_path)
