"""One thread for the linear algebra of many small matrices: more of them only wait for each other.

On a machine that others use too a region takes two to ten times as long with two threads as with
one. The command line sets one before NumPy is there; functions that a user calls do so while they
work.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import cache, wraps
from typing import TYPE_CHECKING, ParamSpec, TypeVar

if TYPE_CHECKING:
    from threadpoolctl import ThreadpoolController

P = ParamSpec("P")
R = TypeVar("R")

NUMBER = "OPENBLAS_NUM_THREADS"
"""Variable of the environment."""


def on_one_thread(function: Callable[P, R]) -> Callable[P, R]:
    """Return a function whose linear algebra has one thread while it works.

    Examples
    --------
    >>> @on_one_thread
    ... def double(x: int) -> int:
    ...     return 2 * x
    >>> double(3)
    6
    """

    @wraps(function)
    def alone(*args: P.args, **kwargs: P.kwargs) -> R:
        threads = _threads()
        if threads is None:
            return function(*args, **kwargs)
        with threads.limit(limits=1, user_api="blas"):
            return function(*args, **kwargs)

    return alone


@cache
def _threads() -> ThreadpoolController | None:
    """Return what sets numbers of threads; None where there is one already."""
    if os.environ.get(NUMBER) == "1":
        return None
    from threadpoolctl import ThreadpoolController

    return ThreadpoolController()
