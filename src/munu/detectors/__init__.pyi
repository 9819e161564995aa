from . import (
    arrival,
    axes,
    efficiency,
    matrix,
    prompt_arrival,
    quenching,
    resolution,
    shifted_arrival,
    tabulated_resolution,
)

__all__ = [
    "arrival",
    "axes",
    "efficiency",
    "matrix",
    "prompt_arrival",
    "quenching",
    "resolution",
    "shifted_arrival",
    "tabulated_resolution",
]
