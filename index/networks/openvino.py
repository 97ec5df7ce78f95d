"""OpenVINO, imported without the reports that it makes to its makers."""

from __future__ import annotations

import sys
from functools import cache
from threading import Lock
from typing import Any

_REPORTS = "openvino_telemetry"
_importing = Lock()


def openvino() -> Any:
    """The module, which reports nothing if that of its reports is missing while it is imported.

    So that one is hidden for as long; whoever else wants it finds it afterwards. If somebody else
    has imported OpenVINO before, it is theirs to say what it reports.
    """
    with _importing:
        if "openvino" not in sys.modules:
            found = sys.modules.pop(_REPORTS, None)
            sys.modules[_REPORTS] = None  # type: ignore[assignment]
            try:
                import openvino
            finally:
                del sys.modules[_REPORTS]
                if found is not None:
                    sys.modules[_REPORTS] = found
        import openvino

        return openvino


@cache
def core() -> Any:
    """The one ``Core`` of the process, never given up.

    On processors with matrix tiles, OpenVINO's plugin has the thread in which it is loaded take
    signals on a stack of the plugin's, which it frees when the last network is gone, in whatever
    thread: the next signal would end the process with a segmentation fault.
    """
    return openvino().Core()


def on_one_core() -> None:
    """What is compiled from now on computes in one thread, on whichever core is free."""
    core().set_property("CPU", {"INFERENCE_NUM_THREADS": 1, "ENABLE_CPU_PINNING": False})
