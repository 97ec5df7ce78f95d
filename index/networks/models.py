"""Models by name: a folder, the hub's cache on this computer or, failing both, the hub."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

from footnoted.corpus.errors import UnusableInput

log = logging.getLogger(__name__)

_Loaded = TypeVar("_Loaded")

# Seconds in which the hub must have answered.
_PATIENCE = 5


def exact_name(name: str) -> str:
    """Which model, exactly: a folder's name with the hash of what it holds, or a hub's name.

    A model that was trained further in its folder is another model.
    """
    folder = Path(name)
    if not folder.is_dir():
        return name
    digest = hashlib.sha256()
    for file in sorted(folder.rglob("*")):
        if file.suffix in {".safetensors", ".bin", ".json"}:
            digest.update(sha256_of_file(file).encode())
    return f"{folder.resolve().name}@{digest.hexdigest()[:12]}"


def sha256_of_file(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def load_named(name: str, load: Callable[[bool], _Loaded]) -> _Loaded:
    """What ``load`` makes, told whether to look on this computer alone, which is tried first.

    Raises:
        UnusableInput: there is no such model, or it cannot be loaded.
    """
    try:
        try:
            with unplugged():
                return load(True)
        except OSError:
            if Path(name).exists():
                raise
        from huggingface_hub import HfApi

        # Asked first because it says at once what loading would say after many retries.
        HfApi().model_info(name, timeout=_PATIENCE)
        log.warning("downloading the model %s", name)
        return load(False)
    except Exception as error:  # what loads any model may fail in any way
        reason = (str(error).strip() or type(error).__name__).splitlines()[0]
        raise UnusableInput(
            f"the model {name} cannot be loaded: {reason}; give a folder that holds it, or its "
            "name on the hub while there is a network"
        ) from None


@contextmanager
def unplugged() -> Iterator[None]:
    """While it lasts, the hub's library calls nobody: loaders that are told to look on this
    computer alone would ask for adapters all the same, again and again where there is no network.
    """
    from huggingface_hub import constants

    before = constants.HF_HUB_OFFLINE
    constants.HF_HUB_OFFLINE = True
    try:
        yield
    finally:
        constants.HF_HUB_OFFLINE = before


def fastest_number_type() -> Any:
    """Bfloat16 where the processor computes in it, else float32.

    Measured with all-MiniLM-L6-v2: up to twice as fast, cosine to float32 above 0.9998. Where
    bfloat16 is emulated, it is slower and gains nothing.
    """
    import torch

    if torch.cuda.is_available() or torch.backends.mps.is_available():
        return torch.float32
    return torch.bfloat16 if processor_has_bfloat16() else torch.float32


def processor_has_bfloat16() -> bool:
    """Whether it computes in bfloat16, as opposed to emulating it."""
    import torch

    able = torch.cpu.get_capabilities()
    return bool(able.get("avx512_bf16") or able.get("amx_bf16"))
