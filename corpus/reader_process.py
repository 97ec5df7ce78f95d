"""A process of its own that reads files, with limits on time, memory and what it hands back.

The parent asks for a file by a line of JSON on the child's standard input, and gets the length of
the answer in eight bytes and the answer, JSON again: of a child that a hostile file has taken over,
nothing is executed here. A length of nothing says that the child is there, and then that it has
started a program. The child ends when the parent does, in whatever way that ends.
"""

from __future__ import annotations

import base64
import fcntl
import json
import os
import resource
import select
import signal
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import fields, replace
from functools import cache, partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from footnoted.corpus.errors import UnusableInput
from footnoted.corpus.reading import Reply, attempt
from footnoted.corpus.spans import Annotations

if TYPE_CHECKING:
    from pydantic import TypeAdapter

    from footnoted.corpus.formats.pdf.drawing import Drawing

_MB = 1 << 20

# Each limit is what no file needs that people write, and grows with the file: what is dangerous is
# a small file that needs much. A long book is laid out in seconds on a slow machine.
SECONDS, SECONDS_A_MB = 60.0, 10.0
# Parsers hold a document several times over, as trees of objects.
MEMORY, MEMORY_A_BYTE = 2048 * _MB, 16
# Programs that readers start, such as one for each page that is recognised, are limited by their
# readers: when one is started, a file is given its time anew, but so often alone.
PROGRAMS, PROGRAMS_A_BYTE = 2000, 1 / 4000
# As text with its annotations; the texts of ten thousand pages are a tenth of this.
ANSWER, ANSWER_A_BYTE = 256 * _MB, 8
# Parsers leak, and memory once in pieces stays so: a process is replaced after so many files.
FILES = 500

# What a converter may write as a temporary file; readers themselves write nothing.
_LARGEST_WRITTEN = 1024 * _MB
_LENGTH = 8

# The child finds the packages where the parent does, but for the current folder, in which anybody
# may have left a module.
_PROGRAM = (
    "import sys; sys.path[:] = sys.argv[2:]; "
    "from footnoted.corpus.reader_process import serve; serve(int(sys.argv[1]))"
)

# In the environment: what the readers complain of is shown, as is what nobody foresaw.
_DEBUG = "FOOTNOTED_DEBUG"


def seconds_for(size: int) -> float:
    """How long a file of ``size`` bytes may be read."""
    return SECONDS + SECONDS_A_MB * size / _MB


def memory_for(size: int) -> int:
    """How much memory may be needed for it, in bytes, beside what the process has already."""
    return MEMORY + MEMORY_A_BYTE * size


def programs_for(size: int) -> int:
    """How many programs may be started to read it."""
    return PROGRAMS + int(PROGRAMS_A_BYTE * size)


def answer_for(size: int) -> int:
    """How long the answer may be, in bytes."""
    return ANSWER + ANSWER_A_BYTE * size


# -- the parent's side -----------------------------------------------------------------------------


class ReaderProcess:
    """A child that reads one file after the other. It is used by one thread at a time."""

    def __init__(self) -> None:
        self._left = FILES
        self._has_begun = False
        # What is left in it of a file whose reading was ended goes with the process.
        self._folder = TemporaryDirectory(prefix="footnoted-", ignore_cleanup_errors=True)
        # Nothing is ever written into it: the child hears when the end that is here is gone.
        end, self._line = os.pipe()
        self._process = subprocess.Popen(  # noqa: S603 (this interpreter, this module)
            [sys.executable, "-P", "-c", _PROGRAM, str(end), *filter(None, sys.path)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=None if os.environ.get(_DEBUG) else subprocess.DEVNULL,
            bufsize=0,
            cwd="/",  # names in documents lead to nothing that lies beside the user
            # As many of them are at work as there are cores, so that none needs several.
            env={**os.environ, "TMPDIR": self._folder.name, "OMP_THREAD_LIMIT": "1"},
            process_group=0,  # an interrupt at the terminal is the parent's to deal with
            pass_fds=(end,),
        )
        os.close(end)

    @property
    def is_usable(self) -> bool:
        """Whether it can be given another file."""
        return self._left > 0

    def draw(self, path: Path, page: int, quote: str, before: int) -> Drawing:
        """A page of a PDF; see ``corpus.formats.pdf.drawing.draw``.

        Raises:
            UnusableInput: it cannot be drawn.
        """
        from footnoted.corpus.formats.pdf.drawing import Drawing

        size = path.stat().st_size
        request = {"page": page, "quote": quote, "before": before}
        try:
            self._begin()
            self._left -= 1
            self._send({"path": os.fspath(path.absolute()), "size": size, **request})
            drawn = json.loads(self._receive(time.monotonic() + seconds_for(size), size))
            if failure := drawn.get("failure"):
                raise UnusableInput(str(failure))
            png = base64.b64decode(drawn["png"], validate=True)
            return Drawing(png, _share(drawn["top"]), _share(drawn["bottom"]))
        except UnusableInput:
            raise
        except (TimeoutError, EOFError, OSError, ValueError, TypeError, KeyError):
            self.kill()
            raise UnusableInput(f"page {page} of {path.name} cannot be drawn") from None

    def read(self, path: Path, size: int, password: str | None = None) -> Reply:
        """See ``corpus.reading.attempt``; whoever exceeds a limit fails, too."""
        self._begin()
        limit = seconds_for(size)
        deadline = time.monotonic() + limit
        self._left -= 1
        try:
            self._send({"path": os.fspath(path.absolute()), "size": size, "password": password})
            return _decoded(self._receive(deadline, size))
        except TimeoutError:
            failure = f"took longer than {limit:.0f} s to be read and was given up; split it"
        except (EOFError, OSError, ValueError):
            failure = (
                "crashed its reader, as a broken file may, or one that needs too much memory; "
                "save it anew"
            )
        self.kill()
        return Reply(failure=failure)

    def kill(self) -> None:
        """End the child and whatever it has started; another thread that waits for it fails."""
        self._left = 0
        if self._process.returncode is None:
            with suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()

    def close(self) -> None:
        """End the child, and let go of it once no thread waits for it."""
        self.kill()
        for pipe in (self._process.stdin, self._process.stdout):
            assert pipe
            pipe.close()
        os.close(self._line)
        self._folder.cleanup()

    def _begin(self) -> None:
        """Wait until the child has imported what it needs, which is no file's fault."""
        if self._has_begun:
            return
        try:
            self._exactly(_LENGTH, time.monotonic() + SECONDS)
        except (EOFError, TimeoutError):
            if self._left:  # nobody has ended it
                self.kill()
                raise RuntimeError(
                    f"a process that reads files has ended with {self._process.returncode} "
                    "before it had begun"
                ) from None
        self._has_begun = True

    def _send(self, request: dict[str, Any]) -> None:
        assert self._process.stdin
        self._process.stdin.write(json.dumps(request).encode("ascii") + b"\n")

    def _receive(self, deadline: float, size: int) -> bytes:
        """The answer; where its length is to stand, nothing says that a program was started."""
        programs = programs_for(size)
        while not (length := int.from_bytes(self._exactly(_LENGTH, deadline))):
            deadline = max(deadline, time.monotonic() + SECONDS)
            programs -= 1
            if programs < 0:
                raise ValueError("too many programs")
        if length > answer_for(size):
            raise ValueError(f"an answer of {length} bytes")
        return self._exactly(length, deadline)

    def _exactly(self, length: int, deadline: float) -> bytes:
        assert self._process.stdout
        descriptor, found = self._process.stdout.fileno(), bytearray()
        poll = select.poll()
        poll.register(descriptor, select.POLLIN)
        while len(found) < length:
            if not poll.poll(max(0.0, deadline - time.monotonic()) * 1000):
                raise TimeoutError
            some = os.read(descriptor, min(length - len(found), _MB))
            if not some:
                raise EOFError
            found += some
        return bytes(found)


def _share(value: Any) -> float | None:
    return None if value is None else float(value)


def _decoded(answer: bytes) -> Reply:
    """Raises ValueError where it is none."""
    reply = _adapter().validate_json(answer)
    if not (reply.contents and reply.contents.attachments):
        return reply
    attachments = (
        one._replace(data=base64.b64decode(one.data)) for one in reply.contents.attachments
    )
    return replace(reply, contents=replace(reply.contents, attachments=tuple(attachments)))


@cache
def _adapter() -> TypeAdapter[Reply]:
    from pydantic import TypeAdapter

    return TypeAdapter(Reply)


# -- the child's side ------------------------------------------------------------------------------


def serve(line: int) -> None:
    """Read files as they are asked for, until nobody is left to ask.

    ``line`` is a pipe whose other end is the parent's alone.
    """
    _end_with(line)
    answers = _answers_alone()
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    _set_soft(resource.RLIMIT_FSIZE, _LARGEST_WRITTEN)
    sys.addaudithook(_refuse_network)
    answers.write(bytes(_LENGTH))
    sys.addaudithook(partial(_tell_of_programs, answers))
    for request in sys.stdin.buffer:
        wanted = json.loads(request)
        answer = _drawn(**wanted) if "page" in wanted else _answer(**wanted)
        answers.write(len(answer).to_bytes(_LENGTH) + answer)


def _answers_alone() -> Any:
    """Standard output for our answers, where nothing that a library prints can get among them."""
    answers = os.fdopen(os.dup(1), "wb", buffering=0)
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    return answers


def _end_with(line: int) -> None:
    """Let the system end this process when the other end of ``line`` is closed.

    The signal is deadly even within a library that never gives Python a turn again. It goes to the
    whole process group: to the programs that readers start, too.
    """
    fcntl.fcntl(line, fcntl.F_SETSIG, signal.SIGKILL)
    fcntl.fcntl(line, fcntl.F_SETOWN, -os.getpgrp())
    fcntl.fcntl(line, fcntl.F_SETFL, fcntl.fcntl(line, fcntl.F_GETFL) | os.O_ASYNC)
    other_end = select.poll()
    other_end.register(line, select.POLLHUP)
    if other_end.poll(0):  # it was closed before anybody listened
        sys.exit()


def _set_soft(which: int, limit: int) -> None:
    hard = resource.getrlimit(which)[1]
    resource.setrlimit(which, (limit if hard < 0 else min(limit, hard), hard))


def _refuse_network(event: str, _: tuple[Any, ...]) -> None:
    """No reader needs it. This stops libraries in Python; those in C are told by their readers."""
    if event in ("socket.connect", "socket.getaddrinfo", "socket.sendto", "socket.bind"):
        raise PermissionError("documents are read without a network")


def _tell_of_programs(answers: Any, event: str, _: tuple[Any, ...]) -> None:
    if event == "subprocess.Popen":
        answers.write(bytes(_LENGTH))


def _answer(path: str, size: int, password: str | None) -> bytes:
    limit = memory_for(size)
    too_much = f"needs more than {limit >> 30} GB of memory to be read; split it"
    _set_soft(resource.RLIMIT_DATA, _held() + limit)
    try:
        answer = _encoded(attempt(Path(path), password))
    except MemoryError:
        answer = _encoded(Reply(failure=too_much))
    if len(answer) <= answer_for(size):
        return answer
    most = answer_for(size) // _MB
    return _encoded(Reply(failure=f"holds more than {most} MB of text and structure; split it"))


def _drawn(path: str, size: int, **wanted: Any) -> bytes:
    from footnoted.corpus.formats.pdf.drawing import draw

    _set_soft(resource.RLIMIT_DATA, _held() + memory_for(size))
    try:
        drawing = draw(Path(path), wanted["page"], wanted["quote"], wanted["before"])
        told = {"png": base64.b64encode(drawing.png).decode("ascii")}
        answer = {**told, "top": drawing.top, "bottom": drawing.bottom}
    except (UnusableInput, MemoryError) as error:
        answer = {"failure": str(error) or "this page needs too much memory to be drawn"}
    return json.dumps(answer).encode("ascii")


def _held() -> int:
    """How many bytes the process has as data, by which its memory is limited."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[5])
    return pages * resource.getpagesize()


def _encoded(reply: Reply) -> bytes:
    return json.dumps(reply, ensure_ascii=False, default=_as_json).encode("utf-8")


def _as_json(value: Any) -> Any:
    if isinstance(value, Annotations):
        value = value.encoded()
    if isinstance(value, bytes):
        return base64.b64encode(value).decode("ascii")
    return {one.name: getattr(value, one.name) for one in fields(value)}
