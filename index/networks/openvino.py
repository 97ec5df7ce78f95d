"""OpenVINO, imported without the reports that it makes to its makers."""

from __future__ import annotations

import sys
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
