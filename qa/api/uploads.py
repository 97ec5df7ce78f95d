"""Files that come with a call, put where they can be read while it is answered."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from fastapi import Request
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData, UploadFile
from starlette.formparsers import FormParser, MultiPartException, MultiPartParser
from starlette.requests import ClientDisconnect

from footnoted.qa.service.failures import Failed

_MOST_FILES = 10_000
_MOST_FIELDS = 100
_FIELDS = ("collection", "password", "folder")
_FIELDS_SAID = "collection, password and folder"


@dataclass(slots=True)
class Uploads:
    """``files`` by their names, in a folder that goes when the call is answered."""

    folder: Path
    files: Mapping[str, Path]
    collection: str = ""
    password: str | None = field(default=None, repr=False)
    named: str = ""
    """A folder of this machine, in place of files."""
    is_taken: bool = False

    def one(self) -> Path | None:
        """The only file, if there is one.

        Raises:
            Failed: there are several.
        """
        if len(self.files) > 1:
            raise Failed("Give one file with questions, not several")
        return next(iter(self.files.values()), None)

    @contextmanager
    def taken(self) -> Iterator[None]:
        """The folder goes at the end of this, even if the call is given up before."""
        self.is_taken = True
        try:
            yield
        finally:
            self.remove()

    def remove(self) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)


async def uploads(request: Request) -> AsyncIterator[Uploads]:
    """What a call brings: multipart fields ``files``, ``collection``, ``password``, ``folder``.

    The application's ``state.new_folder`` makes the folder for them.

    Raises:
        Failed: it is no such call.
    """
    folder = await run_in_threadpool(request.app.state.new_folder)
    brought = Uploads(folder, {})
    try:
        files, fields = await _parsed(request, folder)
        brought.files = {one.filename or "": one.place for one in files}
        if len(brought.files) < len(files):
            raise Failed(f"{_twice([one.filename for one in files])} is given twice; give it once")
        brought.collection = fields.get("collection", "")
        brought.password = fields.get("password") or None
        brought.named = fields.get("folder", "")
        yield brought
    finally:
        if not brought.is_taken:
            await run_in_threadpool(brought.remove)


async def _parsed(request: Request, folder: Path) -> tuple[list[_Kept], dict[str, str]]:
    form = await _form(request, folder)
    names = [name for name, _ in form.multi_items() if name != "files"]
    if unknown := set(names) - set(_FIELDS):
        raise Failed(f"There is no field {min(unknown)[:80]!r}; give files and {_FIELDS_SAID}")
    if len(names) > len(set(names)):
        raise Failed(f"The field {_twice(names)} is given twice; give it once")
    files = form.getlist("files")
    kept = [one for one in files if isinstance(one, _Kept)]
    texts = {name: form[name] for name in names}
    fields = {name: text for name, text in texts.items() if isinstance(text, str)}
    if len(kept) < len(files) or len(fields) < len(texts):
        raise Failed(f"files are files, each a multipart field of its own, {_FIELDS_SAID} texts")
    return kept, fields


async def _form(request: Request, folder: Path) -> FormData:
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    try:
        if kind == "multipart/form-data":
            return await _Parser(folder, request).parse()
        if kind == "application/x-www-form-urlencoded":
            return await FormParser(
                request.headers, request.stream(), max_fields=_MOST_FIELDS
            ).parse()
    except MultiPartException as error:
        raise Failed(f"These files cannot be taken: {error.message}") from error
    except ClientDisconnect as error:  # nobody hears this
        raise Failed("The call was broken off") from error
    if kind:
        raise Failed(f"Files come as multipart/form-data, not as {kind[:80]}")
    return FormData()


def _twice(names: Sequence[str | None]) -> str:
    return repr(next(name for name, times in Counter(names).items() if times > 1))


class _Parser(MultiPartParser):
    """Files go where they are kept as they come; of these, none stays open."""

    def __init__(self, folder: Path, request: Request) -> None:
        super().__init__(
            request.headers, request.stream(), max_files=_MOST_FILES, max_fields=_MOST_FIELDS
        )
        self._folder = folder
        self._has_ended = False

    async def parse(self) -> FormData:
        form = await super().parse()
        if not self._has_ended:
            raise MultiPartException("The call ends before its last part does.")
        return form

    def on_end(self) -> None:
        self._has_ended = True

    def on_headers_finished(self) -> None:
        super().on_headers_finished()
        if begun := self._current_part.file:
            begun.file.close()
            self._current_part.file = _Kept(self._folder / str(self._current_files), begun.filename)


class _Kept(UploadFile):
    def __init__(self, place: Path, name: str | None) -> None:
        self.place = place
        place.touch()
        with place.open("rb") as nothing:
            super().__init__(nothing, filename=name or place.name)

    async def write(self, data: bytes) -> None:
        await run_in_threadpool(self._append, data)

    async def seek(self, offset: int) -> None:
        pass  # it is read by its place

    def _append(self, data: bytes) -> None:
        with self.place.open("ab") as file:
            file.write(data)
