"""Files that come with a call, put where they can be read while it is answered."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from fastapi import Request
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException

from footnoted.qa.service.failures import Failed

_MOST_FILES = 10_000
_MOST_FIELDS = 100


@dataclass(frozen=True, slots=True)
class Uploads:
    """``files`` by their names, in a folder that goes at the end of a ``with``."""

    folder: Path
    files: Mapping[str, Path]
    collection: str = ""
    password: str | None = field(default=None, repr=False)

    def one(self) -> Path | None:
        """The only file, if there is one.

        Raises:
            Failed: there are several.
        """
        if len(self.files) > 1:
            raise Failed("Give one file with questions, not several")
        return next(iter(self.files.values()), None)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)


async def uploads(request: Request) -> Uploads:
    """What a call brings: multipart fields ``files``, ``collection`` and ``password``.

    Raises:
        Failed: it is no such call.
    """
    try:
        async with request.form(max_files=_MOST_FILES, max_fields=_MOST_FIELDS) as form:
            given = form.getlist("files")
            texts = {name: form.get(name) or "" for name in ("collection", "password")}
            files = [one for one in given if isinstance(one, UploadFile)]
            if len(files) < len(given):
                raise Failed("files are files, each a multipart field of its own")
            folder, kept = await run_in_threadpool(_kept, files)
    except HTTPException as error:
        raise Failed(f"These files cannot be taken: {error.detail}") from error
    collection, password = (text if isinstance(text, str) else "" for text in texts.values())
    return Uploads(folder, kept, collection, password or None)


def _kept(files: list[UploadFile]) -> tuple[Path, dict[str, Path]]:
    folder, kept = Path(tempfile.mkdtemp(prefix="footnoted-")), {}
    for number, one in enumerate(files):
        place = folder / str(number)
        with place.open("wb") as target:
            shutil.copyfileobj(one.file, target)
        kept[one.filename or f"file {number + 1}"] = place
    return folder, kept
