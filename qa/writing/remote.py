"""A language model behind any server that speaks OpenAI's chat completions: Ollama, vLLM,
llama.cpp, LM Studio, a cloud."""

from __future__ import annotations

import threading
from collections.abc import Generator, Iterator, Sequence
from contextlib import closing, contextmanager
from time import monotonic
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import urlsplit, urlunsplit

from footnoted.corpus.errors import NotWritten, UnusableInput
from footnoted.qa.escape import one_line
from footnoted.qa.protocols import Message

if TYPE_CHECKING:
    from openai import OpenAI

KEY = "OPENAI_API_KEY"
"""The environment variable that holds the key, where a server wants one."""


class Patience(NamedTuple):
    """How long a server is waited for, in seconds, and how much it may write, in characters."""

    connect: float = 5.0
    silence: float = 60.0
    whole: float = 180.0
    characters: int = 8_000
    tokens: int = 700
    retries: int = 2


class RemoteGenerator:
    """A server at ``url``, and of its models the one that is named, or its first.

    Threads may share it. It is first called when it is first asked to write.
    """

    def __init__(self, url: str, model: str = "", patience: Patience = Patience()) -> None:  # noqa: B008
        """
        Raises:
            UnusableInput: the package ``openai`` is not installed, or this is no address.
        """
        self._url = api_address(url)
        self._model = model
        self._patience = patience
        self._lock = threading.Lock()
        self._client = _client(self._url, patience)

    @property
    def name(self) -> str:
        """The model or, as long as it is not known, the address."""
        return self._model or self._url

    def generate(self, messages: Sequence[Message]) -> Generator[str, None, None]:
        """What the model writes, piece by piece; closed early, it writes no further.

        Of what has no end, or takes too long, the beginning is given.

        Raises:
            NotWritten: the server is away, refuses, or gives no text.
        """
        with self._told():
            stream: Any = self._client.chat.completions.create(
                model=self._named_model(),
                messages=[{"role": one.role, "content": one.text} for one in messages],  # type: ignore[misc]
                temperature=0,
                max_tokens=self._patience.tokens,
                stream=True,
            )
            with closing(stream):
                yield from self._pieces(stream)

    def models(self) -> list[str]:
        """Those that the server has, by name.

        Raises:
            NotWritten: it is away, refuses, or has none.
        """
        with self._told():
            found = [one.id for one in self._client.models.list()]
            if not found:
                raise NotWritten(f"{self._url} has no model; load one there")
            return found

    def _pieces(self, stream: Any) -> Iterator[str]:
        end, written, called = monotonic() + self._patience.whole, 0, False
        for chunk in stream:
            for choice in chunk.choices[:1]:
                called |= bool(choice.delta.tool_calls)
                if piece := choice.delta.content:
                    written += len(piece.strip())
                    yield piece
            if written > self._patience.characters or monotonic() > end:
                break
        if not written:
            did = "called a tool" if called else "wrote nothing"
            raise NotWritten(f"the language model at {self._url} {did}")

    def _named_model(self) -> str:
        with self._lock:
            if not self._model:
                self._model = self.models()[0]
            return self._model

    @contextmanager
    def _told(self) -> Iterator[None]:
        """Whatever goes wrong with a server ends in one line."""
        import httpx2
        import openai

        try:
            yield
        except (openai.APITimeoutError, httpx2.TimeoutException):
            said = f"took longer than {self._patience.silence:g} seconds; give it a smaller model"
        except openai.APIConnectionError:
            said = "cannot be reached; start it there"
        except (openai.AuthenticationError, openai.PermissionDeniedError):
            said = f"refuses the key; set {KEY} to one that it takes"
        except openai.NotFoundError:
            said = f"knows no model {self._model!r}; name one of its own behind # in --generator"
        except openai.APIStatusError as error:
            said = f"answers with status {error.status_code}; its log tells more"
        except httpx2.TransportError:
            said = "broke off while it wrote"
        except (openai.OpenAIError, ValueError, AttributeError, TypeError) as error:
            said = f"sends something else than chat completions: {one_line(str(error))[:200]}"
        else:
            return
        raise NotWritten(f"the language model at {self._url} {said}")


def _client(url: str, patience: Patience) -> OpenAI:
    try:
        import openai
    except ImportError:
        raise UnusableInput(
            'a language model needs another package; do: pip install "footnoted[writing]"'
        ) from None
    import os

    return openai.OpenAI(
        base_url=url,
        api_key=os.environ.get(KEY) or "none",  # servers on one's own machine want no key
        timeout=openai.Timeout(patience.silence, connect=patience.connect),
        max_retries=patience.retries,
    )


def api_address(url: str) -> str:
    """The address of the interface, which servers have at ``/v1`` where nothing else is said.

    Raises:
        UnusableInput: this is no address.
    """
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise UnusableInput(
            f"{url[:200]!r} is no address of a language model; name it like "
            "http://localhost:11434#llama3.2"
        )
    return urlunsplit(parts._replace(path=parts.path.rstrip("/") or "/v1", fragment=""))
