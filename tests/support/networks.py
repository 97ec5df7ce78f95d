"""Networks as they compute exactly, to be compared with torch's."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from footnoted.index.networks.compiled import Ids
from footnoted.index.networks.openvino import openvino


def in_float32(model: Any) -> Callable[[Mapping[str, Ids]], list[NDArray[np.float32]]]:
    """OpenVINO's network, for any processor, from arrays by the names of its inputs."""
    compiled = openvino().Core().compile_model(model, "CPU", {"INFERENCE_PRECISION_HINT": "f32"})
    names = [port.any_name for port in compiled.inputs]
    request = compiled.create_infer_request()
    return lambda inputs: list(request.infer([inputs[name] for name in names]).values())
