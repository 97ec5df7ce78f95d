from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from footnoted.index.library import Library
from footnoted.index.types import FileReceipt, Origin, Stamp
from footnoted.qa.page import state
from footnoted.qa.page.state import Unreadable
from footnoted.qa.pipeline import Pipeline
from footnoted.qa.service.filing import FILES, Naming, Order, Wanted, in_order, matching
from footnoted.qa.service.service import Service
from support.varied import BROKEN, COPY, HOSTILE, MINUTES_ID, REPORT_ID, write_varied


def file(path: str, *warnings: str, lost: str = "", failure: str | None = None) -> FileReceipt:
    gone = (lost,) if lost else ()
    return FileReceipt(path, 1, 9, None, 1, "added", (*gone, *warnings), failure, lost=gone)


def test_files_are_named_from_the_folder_that_was_named() -> None:
    name = Naming([Path("/home/anna/reports"), Path("/home/anna/one.txt"), Path("/")])
    assert name("/home/anna/reports/a/b.pdf") == "reports/a/b.pdf"
    assert name("/home/anna/one.txt") == "one.txt"
    assert name("/home/anna/reports 2/b.pdf") == "/home/anna/reports 2/b.pdf"
    assert Naming([])("b.pdf") == "b.pdf"
    told = FileReceipt("/home/anna/reports/a", 1, 9, None, 1, "added", near="/home/anna/one.txt")
    named = name.of_origin(Origin(told, ("/home/anna/reports/b",), ("/home/anna/one.txt",)))
    assert (named.file.path, named.file.near, named.file.same_as) == ("reports/a", "one.txt", None)
    assert (named.copies, named.near) == (("reports/b",), ("one.txt",))


def test_files_with_trouble_come_first() -> None:
    files = [
        file("/p/a"),
        file("/p/b", "noted"),
        file("/p/c", lost="lost"),
        file("/p/d", failure="is broken"),
        file("/p/e"),
    ]
    found = in_order(files, "state", Naming([]), {})
    assert [one.path for one in found] == ["/p/d", "/p/c", "/p/b", "/p/a", "/p/e"]
    found = matching(files, Wanted("warnings"), Naming([]))
    assert [one.path for one in found] == ["/p/b", "/p/c"]


@pytest.mark.parametrize(
    ("order", "found"),
    [
        ("name", ["A 2", "a 9", "a 10", "b"]),
        ("size", ["b", "a 10", "a 9", "A 2"]),
        ("language", ["A 2", "b", "a 10", "a 9"]),
        ("date", ["a 9", "b", "a 10", "A 2"]),  # of no date, they stay as they were
        ("added", ["b", "A 2", "a 9", "a 10"]),
    ],
)
def test_files_are_put_in_order(order: Order, found: list[str]) -> None:
    of = {"a 10": (90, "de"), "a 9": (20, ""), "A 2": (10, "en"), "b": (400, "en")}
    files = [
        replace(file(path), size=size, languages=(code,) if code else ())
        for path, (size, code) in of.items()
    ]
    stamps = {"a 9": Stamp("June 2024", 1), "b": Stamp("2024-03-12", 9), "A 2": Stamp(None, 7)}
    listed = in_order(files, order, Naming([]), stamps)
    assert [one.path for one in listed] == found


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("", ["reports/a", "reports/b"]),
        ("REPORTS b", ["reports/b"]),
        ("broken failed", ["reports/b"]),
        ("b broken read", []),
        ("anna", []),  # above the folder that was named
    ],
)
def test_files_are_found_by_all_that_is_told_of_them(words: str, found: list[str]) -> None:
    name = Naming([Path("/anna/reports")])
    files = [file("/anna/reports/a"), file("/anna/reports/b", failure="is Broken")]
    assert sorted(name(one.path) for one in matching(files, Wanted(words=words), name)) == found


def test_the_service_lists_files_in_portions(
    library: Library, tmp_path: Path, hashed: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    library.update([write_varied(tmp_path / "varied")])
    service = Service(Pipeline(library)).first
    monkeypatch.setattr("footnoted.qa.service.collection.FILES", 3)
    first = service.files()
    assert [one.receipt.path for one in first.shown] == [
        *(f"varied/{HOSTILE}", f"varied/{BROKEN}", f"varied/{REPORT_ID}")
    ]
    assert [one.document for one in first.shown] == [None, None, REPORT_ID]
    assert (first.first, first.found) == (0, 8) and first.summary.startswith("8 files: ")
    copies = service.files(Wanted(words=MINUTES_ID.removesuffix(".txt")))
    assert {one.receipt.path: one.document for one in copies.shown}[f"varied/{MINUTES_ID}"] == COPY
    last = service.files(first=900)
    assert last.first == 7 and len(last.shown) == 1
    assert service.files(Wanted("unreadable")).found == 3
    assert service.files(Wanted(words="nowhere")).found == 0
    assert len(service.unreadable(2)) == 2
    origin = service.origin(COPY)
    assert origin and origin.copies == (f"varied/{MINUTES_ID}",)
    assert service.origin("nobody") is None


def test_a_portion_begins_with_a_number() -> None:
    assert state.number({"first": FILES}, "first") == FILES
    assert state.number(None, "first") == state.number("typed", "first") == 0
    assert state.number({}, "first") == 0
    for wrong in (True, "1", None, 1.5):
        with pytest.raises(Unreadable):
            state.number({"first": wrong}, "first")
