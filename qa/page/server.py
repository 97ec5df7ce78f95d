"""A web server on an address that is taken before anything slow begins."""

from __future__ import annotations

import asyncio
import ipaddress
import logging
import os
import signal
import socket
import ssl
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import FrameType
from typing import NamedTuple, Protocol

import uvicorn
from fastapi import FastAPI
from starlette.routing import Mount

from footnoted.corpus.errors import UnusableInput
from footnoted.qa.service.failures import unforeseen
from footnoted.qa.service.health import Health

# Seconds from an interrupt to the end of the process, at the most.
_LONGEST_ENDING = 15.0
# Seconds in which what is being answered is finished, once a server was told to terminate.
_LONGEST_FINISHING = 30.0
# What was answered last gets as long to be sent.
_SENDING = 0.3


def listen(host: str, port: int) -> socket.socket:
    """Take an address; from here on a browser may connect, and waits instead of being refused.

    Raises:
        UnusableInput: the address cannot be had.
    """
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM
        )[0]
        listener = socket.socket(family, kind, protocol)
        try:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind(address)
            listener.listen(128)
        except OSError:
            listener.close()
            raise
    except (OSError, ValueError) as error:  # the latter for what can be no name
        reason = error.strerror if isinstance(error, OSError) else None
        raise UnusableInput(
            f"cannot serve on {host}, port {port}: {reason or error}; "
            "choose another with --host or --port"
        ) from None
    return listener


class Certificate(NamedTuple):
    """What proves a server to browsers: files in PEM."""

    certificate: Path
    key: Path

    @classmethod
    def checked(cls, certificate: Path, key: Path) -> Certificate:
        """
        Raises:
            UnusableInput: they are no certificate and its key.
        """
        try:
            for file in (certificate, key):
                file.read_bytes()
            # Whoever asks for a password would be asked in vain.
            ssl.create_default_context(ssl.Purpose.CLIENT_AUTH).load_cert_chain(
                certificate, key, password=lambda: b""
            )
        except ssl.SSLError as error:
            raise UnusableInput(
                f"{certificate} and {key} are not a certificate and its key, in PEM and without a "
                f"password: {error.reason or 'they cannot be read'}"
            ) from None
        except OSError as error:
            raise UnusableInput(f"{error.filename} cannot be read: {error.strerror}") from None
        return cls(certificate, key)


def is_of_this_machine(listener: socket.socket) -> bool:
    """Whether nobody else can reach it."""
    return ipaddress.ip_address(listener.getsockname()[0].partition("%")[0]).is_loopback


def url(listener: socket.socket, tls: Certificate | None = None) -> str:
    """Where a browser on this machine finds the listener."""
    host, port = listener.getsockname()[:2]
    if host in ("0.0.0.0", "::"):  # noqa: S104 (compared with, not bound to)
        host = "127.0.0.1"
    scheme = "https" if tls else "http"
    return f"{scheme}://[{host}]:{port}/" if ":" in host else f"{scheme}://{host}:{port}/"


def end_on_signals() -> None:
    """From here on an interrupt or a request to terminate ends the process, whatever it is at.

    An event loop that is about to start may swallow an exception, and then nothing else would.
    """
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _end)


def _end(number: int, _: FrameType | None) -> None:
    _end_by_force_later(number)
    if number == signal.SIGINT:
        raise KeyboardInterrupt
    # By itself it ends a process on the spot: temporary files would stay.
    sys.exit(128 + number)


def _end_by_force_later(number: int, seconds: float = _LONGEST_ENDING) -> None:
    """Whatever does not end by itself, it ends."""
    ending = threading.Timer(seconds, os._exit, [128 + number])
    ending.daemon = True
    ending.start()


class Ending(Protocol):
    """What is served, as far as it has to be ended."""

    @property
    def health(self) -> Health: ...

    def finish(self) -> None:
        """Begin nothing more."""

    @property
    def is_idle(self) -> bool:
        """Whether all that was begun is done."""

    def close(self) -> None:
        """End what is still running."""


def run(
    app: FastAPI,
    listener: socket.socket,
    served: Ending,
    tls: Certificate | None = None,
    drain: float = 0.0,
) -> None:
    """Serve until interrupted or terminated.

    Interrupted, it ends at once. Told to terminate, it is not ready any more, takes questions for
    another ``drain`` seconds, so that what sends them can notice, and finishes those it has.
    ``end_on_signals`` was called before: uvicorn raises an interrupt again once it has stopped.
    """
    # Who calls wrongly where nothing of ours stands before Gradio fills no log with tracebacks.
    logging.getLogger("uvicorn.error").addFilter(_without_traceback)
    config = uvicorn.Config(
        app,
        log_level="warning",
        timeout_graceful_shutdown=2,
        proxy_headers=False,  # it would believe every program of this machine; see ``forwarding``
        ssl_certfile=tls and tls.certificate,
        ssl_keyfile=tls and tls.key,
    )
    server = _Server(config, served, drain)
    # An interrupt, the usual way to stop it, waits for the event loop: half of one cannot be ended.
    with suppress(KeyboardInterrupt), server.capture_signals():
        server.run(sockets=[listener])


def _without_traceback(record: logging.LogRecord) -> bool:
    """One line of whatever failed; starlette writes a traceback into the message itself, too."""
    traceback = "" if record.exc_info else record.getMessage()
    if "FOOTNOTED_DEBUG" in os.environ or not (record.exc_info or "Traceback (most" in traceback):
        return True
    error = record.exc_info[1] if record.exc_info else None
    last = traceback.strip().splitlines()[-1:]
    what = unforeseen(error) if error else "".join(last).partition(":")[0]
    record.msg = f"a call failed: {what[:200]}"
    record.args, record.exc_info = (), None
    return True


@contextmanager
def beside(do: Callable[[], None]) -> Iterator[threading.Thread]:
    """A thread for what may take long and may be given up: if it still runs when all is done, the
    process ends there and then, since what computes in C++ aborts when Python is taken down.
    """
    thread = threading.Thread(target=do, daemon=True)
    code = 0
    try:
        yield thread
    except SystemExit as exit_:
        code = exit_.code if isinstance(exit_.code, int) else 1
        raise
    except KeyboardInterrupt:
        code = 130
        raise
    finally:
        if thread.is_alive():
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(code)


class _Server(uvicorn.Server):
    def __init__(self, config: uvicorn.Config, served: Ending, drain: float) -> None:
        super().__init__(config)
        self.served = served
        self.drain = drain
        self.is_to_finish = False

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        # Interrupted meanwhile, uvicorn would leave without ending what has been started.
        if self.should_exit and self.started:
            await self.shutdown(sockets)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        if sig == signal.SIGTERM:  # once is enough, and is no failure
            if not self.should_exit:
                self.served.health.is_stopping = self.is_to_finish = self.should_exit = True
                _end_by_force_later(sig, self.drain + _LONGEST_FINISHING + _LONGEST_ENDING)
            return
        super().handle_exit(sig, frame)
        _end_by_force_later(sig)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        from gradio.routes import App

        if self.is_to_finish:
            self.is_to_finish = False
            await self._finish(sockets)
        self.served.close()
        # Every open tab holds a stream; unless Gradio ends them, stopping waits and then complains.
        for route in self.config.app.routes:  # type: ignore[union-attr]
            if isinstance(route, Mount) and isinstance(route.app, App):
                route.app.stop_event.set()
        # What is cut off now is meant to be.
        logging.getLogger("uvicorn.error").setLevel(logging.CRITICAL)
        await super().shutdown(sockets)

    async def _finish(self, sockets: list[socket.socket] | None) -> None:
        """Take questions for a while, then no more; be done with those that were asked."""
        await self._wait(self.drain, lambda: False)
        for listening in (*self.servers, *(sockets or ())):
            listening.close()
        self.served.finish()
        await self._wait(_LONGEST_FINISHING, lambda: self.served.is_idle)
        await asyncio.sleep(_SENDING)

    async def _wait(self, seconds: float, is_done: Callable[[], bool]) -> None:
        """Until that, so many seconds, or whoever waits for it interrupts it."""
        until = time.monotonic() + seconds
        while time.monotonic() < until and not (is_done() or self.force_exit):
            await asyncio.sleep(0.05)
