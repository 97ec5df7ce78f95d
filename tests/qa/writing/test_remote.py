"""Servers of language models, as they are and as they should not be."""

from __future__ import annotations

from contextlib import closing

import pytest

from footnoted.corpus.errors import NotWritten, UnusableInput
from footnoted.qa.protocols import Message
from footnoted.qa.writing.remote import KEY, Patience, RemoteGenerator
from support.scripted import Scripted

ASKED = [Message("system", "Write."), Message("user", "Who?")]
HASTY = Patience(connect=1, silence=1, whole=2, characters=2_000, retries=0)


def written(url: str, model: str = "") -> str:
    return "".join(RemoteGenerator(url, model, HASTY).generate(ASKED))


def test_what_it_writes_comes_in_pieces(server: Scripted, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(KEY, "secret")
    server.says = "A ship left [1]."
    generator = RemoteGenerator(server.url)
    assert generator.name == f"{server.url}/v1"  # until it is known what it has
    assert list(generator.generate(ASKED)) == ["A ", "ship ", "left ", "[1]. "]
    assert generator.name == "first"
    (asked,) = server.asked
    assert asked["messages"][1] == {"role": "user", "content": "Who?"}
    assert (asked["model"], asked["temperature"], asked["stream"]) == ("first", 0, True)
    assert server.keys == ["Bearer secret"]


def test_a_model_and_a_path_can_be_named(server: Scripted) -> None:
    server.says = "A ship left."
    assert written(f"{server.url}/v1/", "another") == "A ship left. "
    assert server.asked[0]["model"] == "another"


@pytest.mark.parametrize(
    ("does", "told"),
    [
        ("401", "refuses the key; set OPENAI_API_KEY"),
        ("404", "knows no model 'mine'"),
        ("500", "answers with status 500"),
        ("garbage", "wrote nothing"),
        ("nonsense", "sends something else than chat completions"),
        ("silence", "took longer than 1 seconds"),
        ("tool", "called a tool"),
        ("", "wrote nothing"),
    ],
)
def test_what_goes_wrong_is_told_in_one_line(server: Scripted, does: str, told: str) -> None:
    server.does = does
    with pytest.raises(NotWritten, match=told) as failure:
        written(server.url, "mine")
    assert "\n" not in str(failure.value)


def test_a_server_without_models_is_told(server: Scripted) -> None:
    server.does = "no models"
    with pytest.raises(NotWritten, match="has no model; load one there"):
        written(server.url)


def test_a_server_that_is_away_is_told() -> None:
    with pytest.raises(NotWritten, match="cannot be reached; start it there"):
        written("http://127.0.0.1:9", "mine")


@pytest.mark.parametrize(
    "url", ["localhost:11434", "ftp://localhost", "http://", "", "file:///etc"]
)
def test_what_is_no_address_is_refused(url: str) -> None:
    with pytest.raises(UnusableInput, match="is no address of a language model; name it like"):
        RemoteGenerator(url)


def test_of_what_has_no_end_the_beginning_is_taken(server: Scripted) -> None:
    server.does = "endless"
    text = written(server.url, "mine")
    assert HASTY.characters < len(text) < 2 * HASTY.characters


def test_who_stops_listening_ends_it(server: Scripted) -> None:
    server.does = "endless"
    with closing(RemoteGenerator(server.url, "mine", HASTY).generate(ASKED)) as pieces:
        next(pieces)
    assert server.sent < 100_000
