"""What ``--state`` names, opened."""

from __future__ import annotations

from footnoted.corpus.errors import UnusableInput
from footnoted.qa.state.address import Address
from footnoted.qa.state.protocols import State


def shared_state(url: str) -> State:
    """What servers share at an address of PostgreSQL's.

    Raises:
        UnusableInput: it is none, it cannot be used, or a package is not installed.
        StateUnavailable: nothing answers there.
    """
    address = Address.parse(url)
    try:
        from footnoted.qa.state.shared import SharedState
    except ImportError as error:  # psycopg raises it, too, where libpq is missing
        if (error.name or "psycopg").partition(".")[0] not in ("psycopg", "psycopg_pool"):
            raise
        raise UnusableInput(
            'a state in PostgreSQL needs more packages: pip install "footnoted[postgresql]"'
        ) from None
    return SharedState(address)
