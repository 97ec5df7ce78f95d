"""What is PostgreSQL's own: addresses, passwords, tables, and a server that is away."""

from __future__ import annotations

import builtins
import json
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

import footnoted.cli
from footnoted.corpus.errors import StateUnavailable, UnusableInput
from footnoted.index.library import Library
from footnoted.index.protocols import Embedder
from footnoted.index.qdrant import client as client_module
from footnoted.index.qdrant.address import Address as Store
from footnoted.qa.accounts.access import EVERYBODYS
from footnoted.qa.service.callers import ANYONE, Caller
from footnoted.qa.service.failures import Away, Failed, Forbidden
from footnoted.qa.service.service import Service
from footnoted.qa.state import schema, tables
from footnoted.qa.state.address import Address
from footnoted.qa.state.named import shared_state
from footnoted.qa.state.protocols import State
from footnoted.qa.state.shared import SharedState
from support.postgresql import PASSWORD, Postgres, serving_postgres
from support.qdrant_rest import serving_qdrant
from support.stub import Stub


@pytest.fixture
def state(database: str) -> Iterator[State]:
    state = shared_state(database)
    yield state
    state.close()


def shown(owner: str, collection: str) -> bool:
    return True


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("postgresql://anna:secret@db/kept", "holds no password.*PGPASSWORD"),
        ("postgresql://:secret@db/kept", "holds no password"),
        ("postgresql://anna@db/kept?password=secret", "holds no password"),
        ("postgresql://anna@db/kept?sslmode=require&sslpassword=secret", "holds no password"),
        ("postgresql://db", "names no database"),
        ("postgresql://db/", "names no database"),
        ("mysql://db/kept", "'mysql://db/kept' keeps nothing; name a database, as in postgresql:"),
        ("postgresql://[db/kept", "this is no address"),
        ("kept.sqlite", "keeps nothing"),
        ("", "keeps nothing"),
    ],
)
def test_what_is_no_address_is_one_line(url: str, said: str) -> None:
    with pytest.raises(UnusableInput, match=said) as refused:
        Address.parse(url)
    assert "secret" not in str(refused.value) and "\n" not in str(refused.value)


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://footnoted@db:5432/footnoted?sslmode=verify-full&sslrootcert=/etc/ca.pem",
        "postgres://one,two/kept?target_session_attrs=read-write",
        "postgresql://[::1]:5432/kept",
        "postgresql:///kept?host=/run/postgresql",
    ],
)
def test_an_address_is_as_libpq_reads_it(url: str) -> None:
    assert str(Address.parse(url)) == url


def test_without_the_package_a_line_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    import_ = builtins.__import__

    def without(name: str, *rest: Any, **named: Any) -> Any:
        if name.partition(".")[0] == "psycopg":
            raise ModuleNotFoundError("No module named 'psycopg'", name="psycopg")
        return import_(name, *rest, **named)

    for module in [one for one in sys.modules if one.startswith("footnoted.qa.state.")]:
        if module.rpartition(".")[2] in ("shared", "tables", "schema"):
            monkeypatch.delitem(sys.modules, module)
    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(UnusableInput, match=r'pip install "footnoted\[postgresql\]"'):
        shared_state("postgresql://db/kept")


def test_a_wrong_password_is_one_line(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PGPASSWORD", "wrong and secret")
    with pytest.raises(UnusableInput, match=r"refuses the password; .*PGPASSWORD") as refused:
        shared_state(database)
    assert "secret" not in str(refused.value) and "\n" not in str(refused.value)
    monkeypatch.delenv("PGPASSWORD")
    monkeypatch.setenv("PGPASSFILE", "/nowhere")
    with pytest.raises(UnusableInput, match=r"asks for a password; .*PGPASSWORD"):
        shared_state(database)


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("postgresql://footnoted@127.0.0.1:1/kept", "does not answer .*refused"),
        ("postgresql://footnoted@127.0.0.1:1/kept?sslmode=verify", "verify"),
        ("postgresql://footnoted@127.0.0.1:1/kept?made=up", "made"),
    ],
)
def test_where_nothing_answers_is_one_line(
    url: str, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tables, "PATIENCE_SECONDS", 0.5)
    with pytest.raises((UnusableInput, StateUnavailable), match=said) as refused:
        shared_state(url)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("/footnoted-kept", "/nowhere"), 'not there; createdb .*"nowhere" does not exist'),
        (("-kept", "-kept?sslmode=require"), "not as its sslmode wants .*not support SSL"),
        (("-kept", "-kept?sslmode=verify-full"), "sslrootcert=FILE, or sslmode=disable"),
        (("-kept", "-kept?sslmode=yes"), 'is no address .*"yes"'),
        (("127.0.0.1:", "127.0.0.1:9"), 'is no address .*invalid port number: "9'),
    ],
)
def test_what_no_wait_mends_is_told_at_once(
    postgres: Postgres, database: str, change: tuple[str, str], said: str
) -> None:
    began = time.monotonic()
    with pytest.raises(UnusableInput, match=said) as refused:
        shared_state(postgres.url("footnoted-kept").replace(*change))
    assert "\n" not in str(refused.value) and "password" not in str(refused.value)
    assert time.monotonic() - began < tables.PATIENCE_SECONDS


def test_who_may_make_no_tables_is_told_so(postgres: Postgres, database: str) -> None:
    name = database.rpartition("/")[2]
    postgres.do(
        name,
        f"CREATE ROLE \"guest-{name}\" LOGIN PASSWORD '{PASSWORD.replace(chr(39), chr(39) * 2)}'",
    )
    guest = database.replace("footnoted@", f"guest-{name}@")
    with pytest.raises(UnusableInput, match="does not let this user make or use the tables"):
        shared_state(guest)


def test_tables_are_made_once_by_however_many(postgres: Postgres, database: str) -> None:
    """Also by processes of their own, on an empty database."""
    program = (
        "import sys\n"
        "from footnoted.qa.state.named import shared_state\n"
        "state = shared_state(sys.argv[1])\n"
        "id_ = state.conversations(lambda *_: True).create('anna', 'letters', sys.argv[2])\n"
        "state.close()"
    )
    started = [
        subprocess.Popen([sys.executable, "-c", program, database, str(number)])
        for number in range(4)
    ]
    with ThreadPoolExecutor(4) as threads:
        states = list(threads.map(lambda _: shared_state(database), range(4)))
    assert [one.wait(60) for one in started] == [0] * 4
    found = states[0].conversations(shown).conversations("anna")
    assert sorted(one.title for one in found) == ["0", "1", "2", "3"]
    for state in states:
        state.close()
    name = database.rpartition("/")[2]
    assert postgres.do(name, "SELECT number FROM footnoted.version") == [(1,)]


def test_what_a_later_version_keeps_is_left_alone(postgres: Postgres, database: str) -> None:
    shared_state(database).close()
    name = database.rpartition("/")[2]
    postgres.do(name, "UPDATE footnoted.version SET number = 99")
    with pytest.raises(UnusableInput, match="a later version of Footnoted; update this one"):
        shared_state(database)


def test_a_version_that_brings_something_is_taken_up(
    postgres: Postgres, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    state = shared_state(database)
    id_ = state.conversations(shown).create("anna", "letters", "Who?")
    state.close()
    step = ("ALTER TABLE conversations ADD COLUMN colour TEXT",)
    monkeypatch.setattr(schema, "_STEPS", (*schema._STEPS, step))
    with ThreadPoolExecutor(3) as threads:
        states = list(threads.map(lambda _: shared_state(database), range(3)))
    assert [one.id for one in states[0].conversations(shown).conversations("anna")] == [id_]
    for state in states:
        state.close()
    name = database.rpartition("/")[2]
    assert postgres.do(name, "SELECT colour FROM footnoted.conversations") == [(None,)]


def test_no_secret_is_kept(postgres: Postgres, state: State, database: str) -> None:
    state.accounts.add("anna", PASSWORD, "editor")
    token, _ = state.accounts.new_token("anna", 1)
    session = state.sessions().begin("anna's")
    name = database.rpartition("/")[2]
    held = str(
        [postgres.do(name, f"SELECT * FROM footnoted.{of}") for of in ("wholes", "sessions")]
    )
    assert "$argon2id$" in held
    assert not any(one in held for one in (PASSWORD, token, session))


def test_what_is_done_for_no_time_any_more_is_deleted(
    postgres: Postgres, state: State, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("footnoted.qa.state.shared.randbelow", lambda _: 0)
    rate = state.rates.rate("questions", 1)
    assert rate.wait("anna") == 0 and rate.wait("anna")
    name = database.rpartition("/")[2]
    postgres.do(name, "UPDATE footnoted.done SET at = at - 61")
    assert rate.wait("anna") == 0  # its minute is over
    postgres.do(name, "UPDATE footnoted.done SET at = at - 4000")
    assert rate.wait("bob") == 0
    assert postgres.do(name, "SELECT key FROM footnoted.done") == [("questions\nbob",)]


def test_a_server_that_only_reads_any_more_is_left(
    postgres: Postgres, state: State, database: str
) -> None:
    """As after another one has taken over from it."""
    kept, name = state.conversations(shown), database.rpartition("/")[2]
    id_ = kept.create("anna", "letters", "Who?")
    postgres.do(name, f'ALTER DATABASE "{name}" SET default_transaction_read_only = on')
    postgres.do(
        name,
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE datname = current_database() AND pid <> pg_backend_pid()",
    )
    with pytest.raises(StateUnavailable, match="read-only"):
        kept.ask("anna", id_, "Who?")
    assert kept.turns("anna", id_) == []  # which can be read
    postgres.do("postgres", f'ALTER DATABASE "{name}" RESET default_transaction_read_only')
    until = time.monotonic() + 30
    while time.monotonic() < until:  # whichever of its connections is the next
        try:
            assert kept.ask("anna", id_, "Who?") == 1
            break
        except StateUnavailable:
            time.sleep(0.1)
    assert [turn.question for turn in kept.turns("anna", id_)] == ["Who?"]


def test_who_may_use_the_tables_no_more_is_not_ready(
    postgres: Postgres, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = database.rpartition("/")[2]
    shared_state(database).close()
    all_of = "ALL TABLES IN SCHEMA footnoted"
    postgres.do(name, f"CREATE ROLE \"{name}\" LOGIN PASSWORD 'theirs'")
    postgres.do(name, f'GRANT ALL ON SCHEMA footnoted TO "{name}"')
    postgres.do(name, f'GRANT ALL ON {all_of} TO "{name}"')
    monkeypatch.setenv("PGPASSWORD", "theirs")
    theirs = shared_state(database.replace("footnoted@", f"{name}@"))
    kept = theirs.conversations(shown)
    kept.create("anna", "letters", "Who?")
    theirs.check()
    postgres.do(name, f'REVOKE ALL ON {all_of} FROM "{name}"')
    with pytest.raises(StateUnavailable, match="does not let this user"):
        kept.create("anna", "letters", "Who?")
    with pytest.raises(StateUnavailable):
        theirs.check()
    theirs.close()


@pytest.mark.parametrize(
    "change", ["RENAME question TO asked", "RENAME TO others", "ADD COLUMN more TEXT NOT NULL"]
)
def test_tables_of_another_version_are_told_in_a_line(
    postgres: Postgres, state: State, database: str, change: str
) -> None:
    kept = state.conversations(shown)
    id_ = kept.create("anna", "letters", "Who?")
    postgres.do(database.rpartition("/")[2], f"ALTER TABLE footnoted.turns {change}")
    with pytest.raises(StateUnavailable, match="are not as this version made them") as raised:
        kept.ask("anna", id_, "Who?")
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize("spoil", ["DELETE FROM", "UPDATE footnoted.version SET number = -1 --"])
def test_tables_whose_version_is_lost_are_told_in_a_line(
    postgres: Postgres, database: str, spoil: str
) -> None:
    shared_state(database).close()
    postgres.do(database.rpartition("/")[2], f"{spoil} footnoted.version")
    with pytest.raises(StateUnavailable, match="are not as this version made them"):
        shared_state(database)


# -- collections -----------------------------------------------------------------------------------


def test_who_may_read_a_collection_is_the_same_at_all_servers(
    database: str,
    folder: Path,
    tmp_path: Path,
    hashed: Embedder,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def run(*arguments: str) -> tuple[int, str]:
        with pytest.raises(SystemExit) as ended:
            footnoted.cli.main(["collections", *arguments, "--state", database])
        out, err = capsys.readouterr()
        assert isinstance(ended.value.code, int) and err.count("\n") <= 1
        return ended.value.code, out + err

    with serving_qdrant(tmp_path / "qdrant") as served:
        for name in ("first", "Minutes"):
            library = Library.create(Store.parse(f"{served}/{name}"))
            library.update([folder if name == "first" else folder / "boats.txt"])
            library.close()
        states = [shared_state(database) for _ in range(2)]
        for name in ("anna", "bob"):
            states[0].accounts.add(name, PASSWORD, "editor")
        anna, bob = Caller("anna", "editor"), Caller("bob", "editor")
        here, there = (
            Service(
                Stub(Library.open(Store.parse(f"{served}/first"))), None, one.accounts, state=one
            )
            for one in states
        )
        minutes = f"{served}/Minutes"
        for wrong, said in (
            ([f"{served}/nothing"], "there is no index"),
            ([f"qdrant:{tmp_path}/x"], "there is no index"),
            ([minutes, "--owner", "carl"], "nobody is called 'carl'"),
            ([minutes, "--readers", "anna,carl"], "nobody is called 'carl'"),
        ):
            code, told = run("offer", *wrong)
            assert code == 2 and said in told
        assert [one.name for one in here.collections(anna)] == ["first"]
        assert run("offer", minutes, "--owner", "anna") == (0, "offered Minutes; read by anna\n")
        for service in (here, there):
            mine = service.collections(anna)
            assert [(one.name, one.documents) for one in mine] == [("first", 2), ("Minutes", 1)]
            assert [(one.may_share, one.may_change) for one in mine][1] == (True, False)
            assert [one.name for one in service.collections(bob)] == ["first"]
            with pytest.raises(Failed, match="There is no collection"):
                service.collection(bob, "minutes")
        id_ = here.conversations.create("bob", "Minutes", "What is in it?")
        assert there.conversations.conversations("bob") == []
        here.share(anna, "minutes", ["bob"])
        assert there.collection(bob, "minutes").name == "Minutes"
        assert [one.id for one in there.conversations.conversations("bob")] == [id_]
        with pytest.raises(Forbidden, match="footnoted index"):
            there.collection(bob, "minutes").remove(["boats.txt"])
        with pytest.raises(Forbidden):
            there.share(bob, "minutes", "everyone")
        there.share(anna, "minutes", [])
        with pytest.raises(Failed, match="There is no collection"):
            here.collection(bob, "minutes")
        assert run() == (0, f"Minutes  1 document  {minutes}\n")
        assert json.loads(run("--json")[1])[0]["store"] == minutes
        assert run("withdraw", "minutes")[1].startswith("withdrew Minutes")
        assert [one.name for one in there.collections(anna)] == ["first"]
        offers = "footnoted collections offer STORE --state URL offers one"
        assert run("withdraw", "minutes") == (
            2,
            f"footnoted: there is no collection 'minutes'; {offers}\n",
        )
        assert run() == (0, f"There are no collections; {offers}.\n")
        for service in (here, there):
            service.close()


def test_nobody_waits_for_a_store_but_who_asks_in_it(
    database: str,
    folder: Path,
    tmp_path: Path,
    hashed: Embedder,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(client_module, "_TIMEOUT_SECONDS", 3)
    state = shared_state(database)
    assert isinstance(state, SharedState)
    with serving_qdrant(tmp_path / "qdrant") as served, socket.create_server(("", 0)) as silent:
        for name in ("first", "minutes"):
            library = Library.create(Store.parse(f"{served}/{name}"))
            library.update([folder])
            library.close()
        state.shelf.offer(Store.parse(f"{served}/minutes"), EVERYBODYS)
        lost = f"qdrant+http://127.0.0.1:{silent.getsockname()[1]}/lost"
        state.shelf.offer(Store.parse(lost), EVERYBODYS)
        service = Service(Stub(Library.open(Store.parse(f"{served}/first"))), state=state)
        failed: list[Exception] = []

        def ask() -> None:
            try:
                service.collection(ANYONE, "lost")
            except Failed as error:
                failed.append(error)

        asking = threading.Thread(target=ask)
        asking.start()
        silent.accept()
        assert len(service.collection(ANYONE, "minutes").listing()) == 2
        assert asking.is_alive() and not failed
        asking.join()
        assert isinstance(failed[0], Away)
        listed = [(one.name, one.documents) for one in service.collections(ANYONE)]
        assert listed == [("first", 2), ("lost", None), ("minutes", 2)]
        service.close()
    state.close()


def test_what_cannot_be_meant_or_understood_is_not_listed(
    postgres: Postgres,
    database: str,
    folder: Path,
    tmp_path: Path,
    hashed: Embedder,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Nor costs it the others."""
    state = shared_state(database)
    assert isinstance(state, SharedState)
    with serving_qdrant(tmp_path / "one") as one, serving_qdrant(tmp_path / "other") as other:
        for at in (f"{one}/reports", f"{other}/reports", f"{one}/minutes"):
            with closing(Library.create(Store.parse(at))) as library:
                library.update([folder / "boats.txt" if "minutes" in at else folder])
        for at in (f"{other}/reports", f"{one}/minutes"):
            state.shelf.offer(Store.parse(at), EVERYBODYS)
        later = "INSERT INTO footnoted.collections VALUES ('later', 'elsewhere:7/later', '{}')"
        postgres.do(database.rpartition("/")[2], later)
        service = Service(Stub(Library.open(Store.parse(f"{one}/reports"))), state=state)
        for _ in range(2):
            listed = [(one.name, one.documents) for one in service.collections(ANYONE)]
            assert listed == [("reports", 2), ("minutes", 1)]
        assert sum("is called as what this server" in line for line in caplog.messages) == 1
        assert any("elsewhere:7/later" in line for line in caplog.messages)
        service.close()
    state.close()


# -- a server that is away -------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.crash
def test_a_server_that_is_away_for_a_while_costs_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Killed under load and started anew: all that was said to be kept is there."""
    monkeypatch.setenv("PGPASSWORD", PASSWORD)
    with serving_postgres() as server:
        state = shared_state(server.new_database("kept"))
        kept = state.conversations(shown)
        id_ = kept.create("anna", "letters", "Who?")
        asked: list[str] = []
        failed: list[Exception] = []
        until = time.monotonic() + 6

        def ask(of: int) -> None:
            number = 0
            while time.monotonic() < until:
                question = f"{of}: question {(number := number + 1)}?"
                try:
                    kept.ask("anna", id_, question)
                    asked.append(question)
                except StateUnavailable as error:
                    failed.append(error)

        askers = [threading.Thread(target=ask, args=(of,)) for of in range(4)]
        for one in askers:
            one.start()
        time.sleep(1)
        server.stop()
        time.sleep(1.5)
        server.start()
        for one in askers:
            one.join()
        there = [turn.question for turn in kept.turns("anna", id_)]
        assert len(set(there)) == len(there)
        # Of what failed, it is not known whether it came through; of the rest, it is.
        assert set(asked) <= set(there) and len(there) <= len(asked) + len(failed)
        # They were at something when it was killed, and no other try failed.
        assert len(failed) <= len(askers) and len(asked) > 20
        state.close()


@pytest.mark.slow
@pytest.mark.crash
def test_a_server_that_stays_away_is_one_line_and_comes_back_by_itself(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("PGPASSWORD", PASSWORD)
    monkeypatch.setattr(tables, "PATIENCE_SECONDS", 1.0)
    with serving_postgres() as server:
        url = server.new_database("kept")
        state = shared_state(url)
        accounts = state.accounts
        accounts.add("anna", PASSWORD, "editor")
        server.stop()
        for _ in range(2):
            with pytest.raises(StateUnavailable, match=r"does not answer .*is PostgreSQL"):
                accounts.listed()
        with pytest.raises(StateUnavailable):
            state.check()
        command = [sys.executable, "-m", "footnoted", "accounts", "list", "--state", url]
        told = subprocess.run(command, capture_output=True, text=True, check=False)
        said = told.stderr
        assert told.returncode == 2 and said.count("\n") == 1 and "does not answer" in said
        server.start()
        until = time.monotonic() + 30
        while time.monotonic() < until:
            try:
                assert [one.name for one in accounts.listed()] == ["anna"]
                break
            except StateUnavailable:
                time.sleep(0.2)
        state.check()
        state.close()


def test_accounts_are_managed_there(
    database: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    import io

    def run(*arguments: str, given: str = "") -> str:
        monkeypatch.setattr("sys.stdin", io.StringIO(given))
        with pytest.raises(SystemExit) as ended:
            footnoted.cli.main(["accounts", *arguments])
        out, err = capsys.readouterr()
        assert ended.value.code == 0, err
        return out

    out = run("add", "anna", "--state", database, given=f"{PASSWORD}\n")
    assert out == f"added anna, editor; kept in {database}\n"
    assert "anna  editor" in run("--state", database, "list")
    assert "anna  editor" in run("--state", database)
    token = run("token", "anna", "--state", database).strip()
    state = shared_state(database)
    assert state.accounts.of_token(token)
    run("role", "anna", "reader", "--state", database)
    run("password", "anna", "--state", database, given="another long one\n")
    assert state.accounts.proved("anna", "another long one")
    assert "removed anna" in run("remove", "anna", "--state", database)
    assert state.accounts.listed() == []
    state.close()
