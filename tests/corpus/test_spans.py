"""Annotations by columns: the same ones back, in their order, and nothing from what is broken."""

from __future__ import annotations

import random

import pytest

from footnoted.corpus.formats.text_builder import TextBuilder
from footnoted.corpus.spans import Annotation, AnnotationBuilder, Annotations, in_order

SOME = (
    Annotation(0, 9, "heading", "1"),
    Annotation(11, 40, "table"),
    Annotation(11, 30, "row"),
    Annotation(11, 15, "cell", "Boat ‹name›\n"),
    Annotation(20, 30, "cell", "Fee"),
    Annotation(32, 40, "row"),
)


def test_they_are_those_that_were_given() -> None:
    made = Annotations.of(SOME)
    assert made == SOME and list(made) == list(SOME)
    assert made[3] == SOME[3] and made[-1] == SOME[-1] and made[1:3] == list(SOME[1:3])
    assert Annotations.of(made) is made
    assert made != SOME[1:] and made != SOME[:-1] + SOME[:1] and made != 6
    assert Annotations() == ()


def test_of_kinds() -> None:
    made = Annotations.of(SOME)
    assert made.of_kinds({"row"}) == (SOME[2], SOME[5])
    assert made.of_kinds({"cell", "heading"}) == (SOME[0], SOME[3], SOME[4])
    assert made.of_kinds({"note"}) == ()
    assert list(made.of_kinds({"row"}).starts) == [11, 32]


def test_the_outer_stands_first_whatever_came_first() -> None:
    for seed in range(20):
        mixed = list(SOME)
        random.Random(seed).shuffle(mixed)
        assert in_order(mixed) == SOME


def test_what_is_around_is_outer_also_where_it_holds_one_thing_alone() -> None:
    builder = TextBuilder()
    with builder.within("quotation", "Ann"), builder.within("list"):
        builder.block("item", "The pier is long.")
    with builder.within("table"), builder.within("record"):
        pass
    builder.block("paragraph", "It is old.")
    kinds = [one.kind for one in builder.annotations]
    assert kinds == ["quotation", "list", "item", "paragraph"]
    assert {(one.start, one.end) for one in builder.annotations[:3]} == {(0, 17)}


def test_bytes_and_back() -> None:
    for some in (SOME, ()):
        made = Annotations.of(some)
        assert Annotations.decoded(made.encoded()) == made
    of_kind = Annotations.of(SOME).of_kinds({"row"})
    assert Annotations.decoded(of_kind.encoded()) == of_kind


def test_a_large_table_takes_twelve_bytes_for_each() -> None:
    made = AnnotationBuilder()
    for number in range(10_000):
        made.append(10 * number, 10 * number + 9, "cell", f"Column {number % 7}")
    assert len(made.in_order().encoded()) < 12 * 10_000 + 500


_WHOLE = Annotations.of(SOME).encoded()


@pytest.mark.parametrize(
    "broken",
    [
        pytest.param(_WHOLE[:-1], id="short"),
        pytest.param(_WHOLE[:-8] + b"\xff\0\0\0", id="no label"),
        pytest.param(_WHOLE.replace(b'"row"', b'"raw"'), id="no kind"),
        pytest.param(_WHOLE.replace(b'"row"', b"[]"), id="a list for a kind"),
        pytest.param(b"12", id="no columns"),
        pytest.param(b"\xff" + _WHOLE, id="no text"),
    ],
)
def test_damaged_bytes_are_none(broken: bytes) -> None:
    with pytest.raises(ValueError):
        Annotations.decoded(broken)


def test_any_damage_is_noticed() -> None:
    chance = random.Random(1)
    for _ in range(500):
        broken = bytearray(_WHOLE)
        broken[chance.randrange(len(broken))] ^= 1 << chance.randrange(8)
        with pytest.raises(ValueError):
            list(Annotations.decoded(bytes(broken)))


def test_what_was_written_without_a_checksum_is_read() -> None:
    assert Annotations.decoded(_WHOLE[:-4]) == Annotations.of(SOME)
