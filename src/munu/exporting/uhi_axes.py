"""One histogram of the Unified Histogram Interface, schema 1, as a JSON object."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from munu.base.typing import FloatArray
from munu.folding.counts import BinnedAxis

Histogram = dict[str, Any]


def histogram(
    axes: Sequence[BinnedAxis],
    values: FloatArray,
    variance: FloatArray | None,
    metadata: Mapping[str, str],
) -> Histogram:
    """Return values on bins; the last axis varies fastest.

    Parameters
    ----------
    axes : sequence of BinnedAxis
    values : array, shape (n_bins,)
    variance : array, shape (n_bins,), or None
        None for counts and expectations, whose variance a reader takes as it likes.
    metadata : mapping of str to str
    """
    shape = [axis.n_bins for axis in axes]
    storage: dict[str, Any] = {"type": "double", "values": _nested(values, shape)}
    if variance is not None:
        storage |= {"type": "weighted", "variances": _nested(variance, shape)}
    return {
        "uhi_schema": 1,
        "metadata": dict(metadata),
        "axes": [_axis(axis) for axis in axes],
        "storage": storage,
    }


def _nested(values: FloatArray, shape: Sequence[int]) -> Any:
    """Return values as nested lists, a number where there is no axis."""
    return np.asarray(values, float).reshape(shape).tolist()


def _axis(axis: BinnedAxis) -> dict[str, Any]:
    """Return an axis; JSON has no infinity, so that a bin without an end is a named one."""
    label = f"{axis.name} ({axis.unit})" if axis.unit else axis.name
    metadata = {"name": axis.name, "label": label, "unit": axis.unit}
    if np.all(np.isfinite(axis.edges)):
        flow = {"underflow": False, "overflow": False, "circular": False}
        return {"type": "variable", "edges": axis.edges.tolist(), **flow, "metadata": metadata}
    ends = zip(axis.edges[:-1], axis.edges[1:], strict=True)
    names = [f"{low:g} to {high:g}" for low, high in ends]
    return {"type": "category_str", "categories": names, "flow": False, "metadata": metadata}
