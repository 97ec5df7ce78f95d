"""Several servers of the same documents, and what sends each request to one of them."""

from __future__ import annotations

import http.client
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

import httpx

ROOT = Path(__file__).parents[2]
_OF_THE_WAY = {"connection", "keep-alive", "transfer-encoding", "content-length"}


class Replica:
    """``footnoted serve``, in a process of its own."""

    def __init__(self, environment: Mapping[str, str], *options: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "footnoted", "serve", "--port", "0", *options],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=environment,
        )
        self._url = ""

    @property
    def url(self) -> str:
        """Where it is, once it listens."""
        if not self._url:
            assert self.process.stdout
            line = self.process.stdout.readline()
            assert line.startswith("Footnoted is at "), self.process.communicate()[1]
            self._url = line.split()[3].rstrip("/")
        return self._url

    def is_ready(self) -> bool:
        with suppress(httpx.TransportError):
            return httpx.get(f"{self.url}/readyz", timeout=10).status_code == 200
        return False

    def wait_until(self, ready: bool, seconds: float = 120) -> None:
        until = time.monotonic() + seconds
        while self.is_ready() != ready:
            assert time.monotonic() < until and self.process.poll() is None
            time.sleep(0.1)

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()

    def end(self) -> str:
        """What it complained of until it had ended, as it was told to."""
        self.process.terminate()
        _, complaints = self.process.communicate(timeout=60)
        assert self.process.returncode == 0, complaints
        return complaints


@contextmanager
def replicas(
    times: int, environment: Mapping[str, str], folder: Path, *options: str
) -> Iterator[list[Replica]]:
    """So many, each with a home of its own, ready."""
    every = [
        Replica(environment, "--home", str(folder / f"home-{number}"), *options)
        for number in range(times)
    ]
    try:
        for one in every:
            one.wait_until(ready=True)
        yield every
    finally:
        for one in every:
            one.kill()


class Balancer(ThreadingHTTPServer):
    """Asks one after the other, and the next where one cannot be reached or says that it stops.

    With ``sticky``, who comes with its cookie is sent to the same as before, while that is there.
    """

    daemon_threads = True

    def __init__(self, urls: Sequence[str], sticky: bool = False) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.targets = [urlsplit(url).netloc for url in urls]
        self.sticky = sticky
        self.retried = 0
        self._next = 0

    def in_order(self, cookie: str) -> list[str]:
        """The replicas, from whose turn it is on."""
        self._next += 1
        first = self._next
        for number in range(len(self.targets)):
            if self.sticky and f"replica={number}" in cookie:
                first = number
        return [self.targets[(first + one) % len(self.targets)] for one in range(len(self.targets))]


class _Handler(BaseHTTPRequestHandler):
    server: Balancer

    def do_GET(self) -> None:
        body = self.rfile.read(int(self.headers.get("content-length", 0)))
        for target in self.server.in_order(self.headers.get("cookie", "")):
            connection = http.client.HTTPConnection(target, timeout=120)
            try:
                with suppress(OSError, http.client.HTTPException):
                    response = self._asked(connection, body)
                    if response.status != 503:
                        self._pass_on(response, target)
                        return
            finally:
                connection.close()
            self.server.retried += 1
        self.send_error(502)

    def do_POST(self) -> None:
        self.do_GET()

    def _asked(
        self, connection: http.client.HTTPConnection, body: bytes
    ) -> http.client.HTTPResponse:
        headers = dict(self.headers.items())
        headers |= {"X-Forwarded-For": self.client_address[0], "Connection": "close"}
        headers |= {"X-Forwarded-Host": self.headers["host"], "X-Forwarded-Proto": "http"}
        connection.request(self.command, self.path, body or None, headers)
        return connection.getresponse()

    def _pass_on(self, response: http.client.HTTPResponse, target: str) -> None:
        """As it comes; what breaks off here is not asked of another."""
        try:
            self.send_response(response.status)
            for name, value in response.getheaders():
                if name.lower() not in _OF_THE_WAY:
                    self.send_header(name, value)
            if self.server.sticky:
                number = self.server.targets.index(target)
                self.send_header("set-cookie", f"replica={number}; Path=/")
            self.end_headers()
            while some := response.read1(65536):
                self.wfile.write(some)
                self.wfile.flush()
        except (OSError, http.client.HTTPException):
            self.close_connection = True

    def log_message(self, format: str, *arguments: object) -> None: ...


@contextmanager
def balancing(urls: Sequence[str], sticky: bool = False) -> Iterator[tuple[Balancer, str]]:
    """A balancer, and its address."""
    with Balancer(urls, sticky) as balancer:
        serving = threading.Thread(target=balancer.serve_forever, daemon=True)
        serving.start()
        yield balancer, f"http://127.0.0.1:{balancer.server_port}"
        balancer.shutdown()
