"""How often something may be done."""

from __future__ import annotations

import ipaddress
import math
import time
from collections import OrderedDict
from typing import Protocol

from limits import RateLimitItem, RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter


class Rate(Protocol):
    """At most so many times in any so many minutes, for each key. Threads may share it."""

    def wait(self, *key: str) -> int:
        """Count one more, and give 0; or, where it would be too many, the seconds to wait."""


class Rates(Protocol):
    """How often things were done, and by whom from where, wherever that is counted."""

    def rate(self, of: str, most: int, minutes: int = 1) -> Rate:
        """The rate of a thing: at most ``most`` times in any ``minutes``."""

    def remember(self, name: str, network: str) -> None:
        """Somebody has signed in from there."""

    def is_remembered(self, name: str, network: str) -> bool: ...


class OwnRates:
    """Those of one process. Threads may share it."""

    def __init__(self) -> None:
        self._known: OrderedDict[tuple[str, str], None] = OrderedDict()

    def rate(self, of: str, most: int, minutes: int = 1) -> Rate:
        return OwnRate(most, minutes)

    def remember(self, name: str, network: str) -> None:
        self._known[name, network] = None
        while len(self._known) > _KNOWN_AT_MOST:
            self._known.popitem(last=False)

    def is_remembered(self, name: str, network: str) -> bool:
        return (name, network) in self._known


class OwnRate:
    """A rate of one process."""

    def __init__(self, most: int, minutes: int = 1) -> None:
        self._item: RateLimitItem = RateLimitItemPerMinute(most, minutes)
        self._limiter = MovingWindowRateLimiter(MemoryStorage())

    def wait(self, *key: str) -> int:
        if self._limiter.hit(self._item, *key):
            return 0
        again = self._limiter.get_window_stats(self._item, *key).reset_time
        return max(math.ceil(again - time.time()), 1)


_KNOWN_AT_MOST = 10_000


class SignIns:
    """Tries to sign in, counted by who is meant and where they come from. Threads may share it.

    Nobody shuts somebody else out: of those who try a name from many places, none counts where it
    was signed in from before.
    """

    def __init__(self, rates: Rates | None = None) -> None:
        self._rates = rates or OwnRates()
        self._of_name_there = self._rates.rate("a name from an address", 5)
        self._there = self._rates.rate("an address", 30)  # a group may have one
        self._of_name = self._rates.rate("a name", 30, minutes=10)

    def wait(self, name: str, address: str) -> int:
        """Count a try, and give 0; or, where there are too many, the seconds to wait."""
        name, address = name.casefold()[:64], network(address)
        seconds = self._there.wait(address) or self._of_name_there.wait(name, address)
        if not seconds and not self._rates.is_remembered(name, address):
            seconds = self._of_name.wait(name)
        return seconds

    def succeeded(self, name: str, address: str) -> None:
        self._rates.remember(name.casefold()[:64], network(address))


def network(address: str) -> str:
    """Who sits at an address: of the sixth version, one machine has as many as it likes."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address
    if found.version == 6 and found.ipv4_mapped:
        return str(found.ipv4_mapped)
    return address if found.version == 4 else str(ipaddress.ip_network((address, 64), strict=False))
