"""Networks compiled for this computer's processor by OpenVINO, and kept on it.

The first time a network is asked for, it is made: written down, which takes seconds, or, if it is
somebody else's, with torch, whose import takes seconds by itself. What comes of it is kept in the
user's cache.
"""

from __future__ import annotations

import json
import logging
import shutil
import tempfile
import threading
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from functools import cached_property
from pathlib import Path
from queue import SimpleQueue
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from footnoted.index.networks.models import sha256_of_file
from footnoted.index.networks.openvino import core, openvino

if TYPE_CHECKING:
    from torch.nn import Module

log = logging.getLogger(__name__)

Ids = NDArray[np.int64]
"""Numbers of tokens, their mask or their segments: shape (rows, tokens)."""
Arrays: TypeAlias = tuple[NDArray[Any], ...]
"""What a network gives for a batch, by the order of its outputs."""

_MODEL = "network.xml"
_WEIGHTS = "network.bin"
_STAMP = "stamp.json"
# To be counted up with each change of what a network of a given name is made into: those that users
# have kept are then made anew.
_EDITION = 4
STEP = 16
"""What lengths are best multiples of, for a network that reads for as long as it is served: of each
new length, the runtime keeps as much as a megabyte, for good."""
# Networks are small beside documents, but models come and go.
_MOST_KEPT = 8


class CompiledNetwork:
    """A network on the processor, for any number of threads.

    It is called with arrays by the names of its inputs, of which it takes those that it has, and
    gives the arrays of its outputs. It computes in bfloat16 where the processor does.

    It is compiled when first needed, for one batch on all cores or for a core to each batch. What
    becomes of a row is the same either way to the last bit, whatever else is computed beside it;
    only how far it is filled up may round it otherwise.
    """

    def __init__(self, model: Any) -> None:
        """``model`` is OpenVINO's, or the path of its file."""
        self._model = model
        self._lock = threading.Lock()

    def __call__(self, inputs: Mapping[str, NDArray[Any]]) -> Arrays:
        return self._all_cores.begin(inputs).result()

    def begin(self, inputs: Mapping[str, NDArray[Any]], of: slice = slice(None)) -> Future[Arrays]:
        """The outputs of a batch, or some ``of`` them, to be computed on a core beside others.

        It returns when there is room for the batch.
        """
        return self._core_each.begin(inputs, of)

    def each(self, batches: Iterable[Mapping[str, NDArray[Any]]]) -> list[Arrays]:
        """The outputs of every batch, in their order, as many at a time as there is room for.

        A batch is taken from ``batches`` while those before it are computed.
        """
        return [one.result() for one in [self.begin(inputs) for inputs in batches]]

    def nothing(self, name: str) -> NDArray[Any]:
        """As little as an input takes: of the axes that may be of any length, none."""
        return self._core_each.nothing(name)

    @property
    def _all_cores(self) -> _Requests:
        with self._lock:
            return self._for_latency

    @property
    def _core_each(self) -> _Requests:
        with self._lock:
            return self._for_throughput

    @cached_property
    def _for_latency(self) -> _Requests:
        return _Requests(self._compiled("LATENCY"))

    @cached_property
    def _for_throughput(self) -> _Requests:
        return _Requests(self._compiled("THROUGHPUT"))

    def _compiled(self, hint: str) -> Any:
        return core().compile_model(self._model, "CPU", {"PERFORMANCE_HINT": hint})


class _Requests:
    """As many batches at a time as a network was compiled for, whichever threads they are from."""

    def __init__(self, compiled: Any) -> None:
        number = compiled.get_property("OPTIMAL_NUMBER_OF_INFER_REQUESTS")
        self._compiled = compiled
        self._names = [port.any_name for port in compiled.inputs]
        self._threads = ThreadPoolExecutor(number, "network")
        self._idle: SimpleQueue[Any] = SimpleQueue()
        for _ in range(number):
            self._idle.put(compiled.create_infer_request())

    def begin(self, inputs: Mapping[str, NDArray[Any]], of: slice = slice(None)) -> Future[Arrays]:
        request = self._idle.get()
        return self._threads.submit(self._run, request, inputs, of)

    def nothing(self, name: str) -> NDArray[Any]:
        port = self._compiled.input(name)
        shape = [0 if one.is_dynamic else one.get_length() for one in port.partial_shape]
        return np.zeros(shape, port.element_type.to_dtype())

    def _run(self, request: Any, inputs: Mapping[str, NDArray[Any]], of: slice) -> Arrays:
        try:
            request.infer([inputs[name] for name in self._names], share_inputs=True)
            # Copies, because a request writes its next outputs into the same place.
            return tuple(np.array(tensor.data) for tensor in request.output_tensors[of])
        finally:
            self._idle.put(request)


def by_length(lengths: Sequence[int], most_tokens: int) -> Iterator[list[int]]:
    """Rows of nearly equal lengths, longest first, in batches of ``most_tokens``, padding included.

    A row that is longer stands alone.
    """
    batch: list[int] = []
    for row in sorted(range(len(lengths)), key=lambda i: -lengths[i]):
        if batch and lengths[batch[0]] * (len(batch) + 1) > most_tokens:
            yield batch
            batch = []
        batch.append(row)
    if batch:
        yield batch


def padded(rows: Sequence[Sequence[int]], pad: int = 0, multiple_of: int = 1) -> tuple[Ids, Ids]:
    """Rows of tokens, filled up with ``pad``, and their mask; each of shape (rows, tokens), with a
    number of tokens that is a multiple of this one."""
    longest = max(map(len, rows))
    ids = np.full((len(rows), longest + -longest % multiple_of), pad, np.int64)
    mask = np.zeros_like(ids)
    for at, row in enumerate(rows):
        ids[at, : len(row)] = row
        mask[at, : len(row)] = 1
    return ids, mask


def compiled(name: str, make: Callable[[], Any]) -> CompiledNetwork:
    """The network called ``name``, which must tell its weights.

    If need be, ``make`` makes it as OpenVINO's, out of inputs of shape (rows, tokens) each.

    Raises:
        RuntimeError: it cannot be converted.
    """
    kept = _place(name)
    if not _is_whole(kept):
        log.warning("preparing %s for this processor, once; some seconds", name.split("@")[0])
        model = make()
        try:
            _keep(model, kept)
        except OSError as error:
            if not _is_whole(kept):  # nor has another process been quicker
                log.warning("%s cannot be kept: %s; it is made each time", name, error.strerror)
                return CompiledNetwork(model)
    return CompiledNetwork(kept / _MODEL)


def converted(network: Module, inputs: Sequence[str]) -> Any:
    """A torch network as OpenVINO's, for any number of rows and tokens.

    ``inputs`` are the names of what its ``forward`` takes; it gives a tensor or a tuple of tensors.
    """
    import torch

    ov = openvino()
    example = {name: torch.ones(2, 8, dtype=torch.long) for name in inputs}
    shapes = [(name, ov.PartialShape([-1, -1]), ov.Type.i64) for name in inputs]
    with _silence():
        model = ov.convert_model(network.eval(), example_input=example, input=shapes)
    for name in inputs:
        model.input(name).get_tensor().set_names({name})  # it may have got a second one
    return model


def _place(name: str) -> Path:
    """Where a network is kept; for another release of OpenVINO, it is made anew."""
    from platformdirs import user_cache_path

    version = openvino().get_version().split("-")[0]
    folder = user_cache_path("footnoted", appauthor=False) / "networks"
    return folder / f"{name}-{_EDITION}-openvino{version}"


def _is_whole(folder: Path) -> bool:
    try:
        hashes = json.loads((folder / _STAMP).read_text())
        with suppress(OSError):
            (folder / _STAMP).touch()  # used last: see ``_forget_oldest``
        return set(hashes) == {_MODEL, _WEIGHTS} and all(
            sha256_of_file(folder / name) == sha256 for name, sha256 in hashes.items()
        )
    except (OSError, ValueError, TypeError):
        return False


def _keep(model: Any, folder: Path) -> None:
    folder.parent.mkdir(parents=True, exist_ok=True)
    workshop = Path(tempfile.mkdtemp(prefix="compiling-", dir=folder.parent))
    try:
        openvino().save_model(model, workshop / _MODEL)
        hashes = {name: sha256_of_file(workshop / name) for name in (_MODEL, _WEIGHTS)}
        (workshop / _STAMP).write_text(json.dumps(hashes))
        shutil.rmtree(folder, ignore_errors=True)
        workshop.rename(folder)
        _forget_oldest(folder.parent)
    except RuntimeError as error:  # what OpenVINO says of a disk that refuses
        raise OSError(None, str(error).splitlines()[0]) from None
    finally:
        shutil.rmtree(workshop, ignore_errors=True)


def _forget_oldest(folder: Path) -> None:
    kept = [one for one in folder.iterdir() if (one / _STAMP).is_file()]
    for old in sorted(kept, key=lambda one: (one / _STAMP).stat().st_mtime)[:-_MOST_KEPT]:
        shutil.rmtree(old, ignore_errors=True)


@contextmanager
def _silence() -> Iterator[None]:
    """What is warned of while tracing concerns training, and shapes that texts do not have."""
    from transformers.utils import logging as transformers_logging

    before = transformers_logging.get_verbosity()
    transformers_logging.set_verbosity_error()  # type: ignore[no-untyped-call]
    try:
        with warnings.catch_warnings(action="ignore"):
            yield
    finally:
        transformers_logging.set_verbosity(before)
