"""A server of chat completions that says what a test lays into its mouth."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

MODELS = {"object": "list", "data": [{"id": "first", "object": "model"}]}


class Scripted(ThreadingHTTPServer):
    """``says`` is what it writes; ``does``, if it is not empty, what it does instead. What it is
    asked is kept, and how much of it was sent."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.says = ""
        self.does = ""
        self.asked: list[dict[str, Any]] = []
        self.keys: list[str] = []
        self.sent = 0
        self.pause = 0.0
        """Seconds before each word."""

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    def handle_error(self, *_: object) -> None:
        """Whoever asked hung up, which is what some tests want."""


class _Handler(BaseHTTPRequestHandler):
    server: Scripted

    def log_message(self, *_: object) -> None:
        pass

    def do_GET(self) -> None:
        self._whole(200, MODELS if self.server.does != "no models" else {"data": []})

    def do_POST(self) -> None:
        asked = self.rfile.read(int(self.headers["content-length"]))
        self.server.asked.append(json.loads(asked))
        self.server.keys.append(self.headers.get("authorization", ""))
        does = self.server.does
        if does.isdigit():
            return self._whole(int(does), {"error": {"message": "as the test wants it"}})
        if does == "garbage":
            return self._whole(200, "<html>It works!</html>")
        if does == "silence":
            time.sleep(3)
        return self._stream(does)

    def _stream(self, does: str) -> None:
        self.send_response(200)
        self.send_header("content-type", "text/event-stream")
        self.end_headers()
        if does == "tool":
            call = {"index": 0, "id": "1", "function": {"name": "rm", "arguments": "{}"}}
            self._chunk({"tool_calls": [call]})
        elif does == "nonsense":
            self.wfile.write(b"data: {not json}\n\n")
        elif does == "endless":
            for number in range(100_000):
                self._chunk({"content": f"The ship number {number} left. "})
        else:
            for piece in self.server.says.split(" "):
                time.sleep(self.server.pause)
                self._chunk({"content": f"{piece} "})
        if does == "breaks off":
            return
        self.wfile.write(b"data: [DONE]\n\n")

    def _chunk(self, delta: dict[str, Any]) -> None:
        chunk = {
            **{"id": "1", "object": "chat.completion.chunk", "created": 1, "model": "first"},
            "choices": [{"index": 0, "delta": delta, "finish_reason": None}],
        }
        self.wfile.write(f"data: {json.dumps(chunk)}\n\n".encode())
        self.server.sent += 1

    def _whole(self, status: int, body: Any) -> None:
        data = (body if isinstance(body, str) else json.dumps(body)).encode()
        self.send_response(status)
        self.send_header(
            "content-type", "text/html" if isinstance(body, str) else "application/json"
        )
        self.send_header("content-length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)


@contextmanager
def scripted() -> Iterator[Scripted]:
    server = Scripted()
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
