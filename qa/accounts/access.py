"""Whose a collection is, and who may read and change it."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from footnoted.qa.accounts.private_file import write_private

log = logging.getLogger(__name__)

ACCESS = "access.json"

Readers = Literal["everyone"] | tuple[str, ...]
"""Everyone with an account, or those of these names beside the owner."""


class Access(BaseModel):
    """Without an ``owner`` it is everybody's: all may read it, and whoever may edit, change it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    owner: str | None = None
    readers: Readers = "everyone"
    editors: tuple[str, ...] = ()
    """Who may change what is in it, beside the owner, by their names; they may read it, too."""

    @classmethod
    def of(cls, folder: Path) -> Access:
        """That of the collection in ``folder``; where it cannot be read, nobody's."""
        try:
            return cls.read((folder / ACCESS).read_bytes(), folder / ACCESS)
        except FileNotFoundError:
            return EVERYBODYS
        except OSError:
            return cls.read(b"", folder / ACCESS)

    @classmethod
    def read(cls, text: bytes | str, place: object) -> Access:
        """What was kept, at a place; where it cannot be read, nobody's."""
        try:
            return cls.model_validate_json(text)
        except ValidationError:
            log.warning("%s cannot be read: nobody is let in; mend or delete it", place)
            return _CLOSED

    def save(self, folder: Path) -> None:
        """
        Raises:
            OSError: it cannot be written.
        """
        write_private(folder / ACCESS, self.model_dump_json())

    def lets_read(self, name: str) -> bool:
        return self.readers == "everyone" or name in (self.owner, *self.readers, *self.editors)

    def lets_change(self, name: str) -> bool:
        return self.owner is None or name in (self.owner, *self.editors)

    def lets_manage(self, name: str) -> bool:
        """Whether somebody may rename and delete it."""
        return self.owner in (None, name)

    def lets_share(self, name: str) -> bool:
        """Whether somebody may say who reads it: of what is nobody's, nobody."""
        return self.owner == name


EVERYBODYS = Access()
_CLOSED = Access(owner="", readers=())  # as nobody is called
