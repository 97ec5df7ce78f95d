"""How often something may be done, and who is shut out by whom."""

from __future__ import annotations

import pytest

from footnoted.qa.accounts.rates import OwnRate, SignIns, network


def test_one_too_many_waits_and_others_do_not() -> None:
    rate = OwnRate(2)
    assert [rate.wait("anna"), rate.wait("anna")] == [0, 0]
    assert 0 < rate.wait("anna") <= 60
    assert rate.wait("bob") == 0


def test_a_name_is_not_tried_through_from_one_address() -> None:
    tries = SignIns()
    waits = [tries.wait("anna", "10.0.0.1") for _ in range(6)]
    assert waits[:5] == [0] * 5 and waits[5]
    assert tries.wait("Anna", "10.0.0.1")  # the same name
    assert tries.wait("bob", "10.0.0.1") == 0
    assert tries.wait("anna", "10.0.0.2") == 0


def test_names_are_not_tried_through_from_one_address() -> None:
    tries = SignIns()
    waits = [tries.wait(f"user{number}", "10.0.0.1") for number in range(31)]
    assert waits[:30] == [0] * 30 and waits[30]


def test_who_tries_from_many_addresses_shuts_out_only_those_never_seen() -> None:
    tries = SignIns()
    tries.succeeded("anna", "192.0.2.7")
    waits = [tries.wait("anna", f"10.0.0.{number}") for number in range(31)]
    assert waits[30] and not any(waits[:30])
    assert tries.wait("anna", "10.9.9.9")
    assert tries.wait("anna", "192.0.2.7") == 0


@pytest.mark.parametrize(
    ("address", "who"),
    [
        ("10.0.0.1", "10.0.0.1"),
        ("2001:db8:1:2:3::4", "2001:db8:1:2::/64"),
        ("::ffff:10.0.0.1", "10.0.0.1"),
        ("made up", "made up"),
        ("", ""),
    ],
)
def test_a_machine_is_one_whatever_its_addresses(address: str, who: str) -> None:
    assert network(address) == who
