"""One thread for the linear algebra of many small matrices: more of them only wait for each other.

On a machine that others use too a region takes two to ten times as long with two threads as with
one; and sums over parts of a matrix depend in their last digit on who made the parts. The command
line asks for one before NumPy is there; functions that a user calls do so while they work.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from functools import cache, wraps
from typing import TYPE_CHECKING, ClassVar, Final, ParamSpec, TypeVar, final

if TYPE_CHECKING:
    from threadpoolctl import ThreadpoolController

P = ParamSpec("P")
R = TypeVar("R")

NUMBERS: Final = ("OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS")
"""Variables of the environment, which a library reads when it is loaded, and then no more."""


@final
class _Process:
    """Whether all linear algebra of the process has had one thread from the start."""

    has_one_thread: ClassVar[bool] = False


def one_thread_from_the_start() -> None:
    """Give all linear algebra of this process one thread; do nothing where NumPy is there.

    Whatever number the environment stated goes: it is meant for programs that gain from threads.
    """
    if "numpy" not in sys.modules:
        os.environ.update(dict.fromkeys(NUMBERS, "1"))
        _Process.has_one_thread = True


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
        if _Process.has_one_thread:
            return function(*args, **kwargs)
        # SciPy brings a library of its own.
        with _threads("scipy.linalg" in sys.modules).limit(limits=1, user_api="blas"):
            return function(*args, **kwargs)

    return alone


@cache
def _threads(scipy: bool) -> ThreadpoolController:
    """Return what sets numbers of threads, of the libraries that are loaded: SciPy's or not."""
    from threadpoolctl import ThreadpoolController

    return ThreadpoolController()
