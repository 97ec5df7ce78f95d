"""A language model of this machine: a folder with one that transformers runs."""

from __future__ import annotations

import threading
from collections.abc import Callable, Generator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

from footnoted.corpus.errors import NotWritten, UnusableInput
from footnoted.index.networks.models import exact_name, fastest_number_type, unplugged
from footnoted.qa.escape import one_line
from footnoted.qa.protocols import Message

_CONFIG = "config.json"
_ONLY_HERE: dict[str, Any] = {"local_files_only": True, "trust_remote_code": False}
"""How it is loaded: nothing is fetched, and no code that lies in the folder is run."""

_INPUTS = "input_ids", "attention_mask"
"""What models that write are given; some tokenizers make more, which they would refuse."""


class Most(NamedTuple):
    """How much is written, in tokens, and for how long, in seconds."""

    tokens: int = 700
    seconds: float = 300.0


class LocalGenerator:
    """The language model in ``folder``, which writes the likeliest token each time.

    Threads may share it: one question is written at a time. Its weights are loaded when it is first
    asked to write, to a graphics card where torch has one.
    """

    def __init__(self, folder: Path, most: Most = Most()) -> None:  # noqa: B008
        """
        Raises:
            UnusableInput: the folder holds no language model to talk to.
        """
        if not folder.is_dir():
            raise UnusableInput(
                f"{str(folder)[:200]!r} is neither an address of a language model, like "
                "http://localhost:11434#llama3.2, nor a folder that holds one"
            )
        if not (folder / _CONFIG).is_file():
            raise UnusableInput(
                f"{folder} holds no language model that transformers loads: it has no {_CONFIG}"
            )
        self._folder = folder
        self._most = most
        self._lock = threading.Lock()
        self._prompt = _Prompt(_tokenizer(folder))

    @cached_property
    def name(self) -> str:
        return exact_name(str(self._folder))

    def generate(self, messages: Sequence[Message]) -> Generator[str, None, None]:
        """What the model writes, piece by piece; closed early, it writes no further than the token
        that it is at.

        Raises:
            NotWritten: it cannot be loaded, breaks off, is given more than it reads, or writes
                nothing.
        """
        try:
            written = yield from self._pieces(messages)
        except NotWritten:
            raise
        except Exception as error:  # a language model may fail in any way
            raise self._not_written(f"failed: {_said(error)}") from None
        if not written:
            raise self._not_written("wrote nothing")

    def _pieces(self, messages: Sequence[Message]) -> Generator[str, None, int]:
        """As ``generate``, and how many characters they were, but for blanks."""
        from transformers import TextIteratorStreamer

        given = self._prompt.of(messages)
        written, stop = 0, threading.Event()
        streamer = TextIteratorStreamer(
            self._prompt.tokenizer, skip_prompt=True, skip_special_tokens=True
        )
        with ThreadPoolExecutor(1) as thread:
            writing = thread.submit(self._write, given, streamer, stop.is_set)
            try:
                for piece in streamer:
                    if piece:
                        written += len(piece.strip())
                        yield piece
            finally:
                stop.set()
            writing.result()
        return written

    def _write(self, given: Any, streamer: Any, stopped: Callable[[], bool]) -> None:
        from transformers import StoppingCriteriaList

        try:
            with self._lock:
                model = self._model
                model.generate(
                    **{name: given[name].to(model.device) for name in _INPUTS},
                    streamer=streamer,
                    stopping_criteria=StoppingCriteriaList([_Stopped(stopped)]),
                    max_new_tokens=self._room(model, given["input_ids"].shape[1]),
                    max_time=self._most.seconds,
                    # Greedy, whatever it was saved with.
                    **{"do_sample": False, "temperature": None, "top_p": None, "top_k": None},
                )
        finally:
            streamer.end()  # or who reads it would wait for ever

    def _room(self, model: Any, given: int) -> int:
        """How many tokens may be written."""
        most = getattr(model.config.get_text_config(), "max_position_embeddings", None)
        room = self._most.tokens if most is None else min(self._most.tokens, most - given)
        if room <= 0:
            raise self._not_written(
                f"reads {most:,} tokens, and would have to read {given:,}; name one that reads more"
            )
        return room

    @cached_property
    def _model(self) -> Any:
        """Only asked for by whoever holds the lock."""
        import torch
        from transformers import AutoModelForCausalLM
        from transformers.utils import logging

        logging.disable_progress_bar()  # type: ignore[no-untyped-call]
        device = _device()
        # What no card computes is fastest as the processor does it best.
        dtype = fastest_number_type() if device == torch.device("cpu") else "auto"
        made: Any = AutoModelForCausalLM
        with unplugged():
            model, found = made.from_pretrained(
                self._folder, dtype=dtype, output_loading_info=True, **_ONLY_HERE
            )
        if found["missing_keys"]:
            # Which would be random numbers.
            raise self._not_written("was not trained to write; name one that was")
        return model.to(device).eval()

    def _not_written(self, why: str) -> NotWritten:
        return NotWritten(f"the language model in {self._folder} {why}")


class _Stopped:
    """Ends what is written once ``stopped`` says so; see transformers' ``StoppingCriteria``."""

    def __init__(self, stopped: Callable[[], bool]) -> None:
        self._stopped = stopped

    def __call__(self, ids: Any, scores: Any, **_: Any) -> Any:
        """Of each text that is written, whether it is done, shape (texts,)."""
        import torch

        return torch.full((ids.shape[0],), self._stopped(), dtype=torch.bool, device=ids.device)


class _Prompt:
    """Makes messages to tokens, as a model was trained to read them."""

    def __init__(self, tokenizer: Any) -> None:
        self.tokenizer = tokenizer
        self._signs = sorted(
            one.content for one in tokenizer.added_tokens_decoder.values() if one.special
        )

    def of(self, messages: Sequence[Message]) -> Any:
        """Tokens and their mask, each of shape (1, tokens)."""
        from jinja2 import TemplateError

        told = [{"role": one.role, "content": self._inert(one.text)} for one in messages]
        try:
            return self._tokens(told)
        except TemplateError:  # some know no system, and are told all by the user
            together = "\n\n".join(one["content"] for one in told)
            return self._tokens([{"role": "user", "content": together}])

    def _tokens(self, told: list[dict[str, str]]) -> Any:
        return self.tokenizer.apply_chat_template(
            told,
            add_generation_prompt=True,
            return_tensors="pt",
            return_dict=True,
            enable_thinking=False,  # of templates that know it: what is thought is not read
        )

    def _inert(self, text: str) -> str:
        """``text`` without the signs by which a model tells who speaks: what documents say ends no
        message, and begins none."""
        for sign in self._signs:
            text = text.replace(sign, f"{sign[:1]} {sign[1:]}")
        return text


def _device() -> Any:
    import torch

    if torch.cuda.is_available():
        return torch.device("cuda")
    return torch.device("mps" if torch.backends.mps.is_available() else "cpu")


def _tokenizer(folder: Path) -> Any:
    """
    Raises:
        UnusableInput: there is none, or it does not tell how to talk to its model.
    """
    from transformers import AutoTokenizer

    try:
        with unplugged():
            tokenizer: Any = AutoTokenizer.from_pretrained(folder, **_ONLY_HERE)
    except Exception as error:  # what loads any tokenizer may fail in any way
        raise UnusableInput(
            f"the language model in {folder} cannot be loaded: {_said(error)}"
        ) from None
    if not tokenizer.chat_template:
        raise UnusableInput(
            f"the language model in {folder} has no chat template; name one that was made to follow"
            " instructions"
        )
    return tokenizer


def _said(error: Exception) -> str:
    return one_line(str(error))[:200] or type(error).__name__
