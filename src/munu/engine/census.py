"""How many workers a scheduler has, and whether it answers at all."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from time import monotonic
from typing import Final, final

from munu.base.errors import MunuError

COUNTED_S: Final = 5.0
"""After which the workers of a cluster, which come and go, are counted again."""
LONELY_S: Final = 10.0
"""Without workers, after which that is said."""
SILENT_S: Final = 30.0
"""Without an answer, after which a scheduler is given up: a busy one answers within seconds."""
KEPT: Final = "Finished pieces are kept where a state is named: give the same command again"


@final
@dataclass
class Census:
    """Counts the workers of a scheduler.

    Parameters
    ----------
    address : str
    ask : callable
        Returns how many there are, or raises `TimeoutError` after some seconds.
    """

    address: str
    ask: Callable[[], int]
    last: int = 0
    asked: float = float("-inf")
    silent: float | None = None
    helped: float = field(default_factory=monotonic)
    told: bool = False

    def number(self) -> int:
        """Return how many there were within the last seconds.

        Raises
        ------
        MunuError
            If the scheduler has not answered for long.
        """
        if monotonic() - self.asked > COUNTED_S:
            self._count(monotonic())
            self.asked = monotonic()
            self._tell_of_none()
        return self.last

    def _count(self, now: float) -> None:
        try:
            self.last, self.silent = self.ask(), None
        except TimeoutError as error:
            self.silent = now if self.silent is None else self.silent
            for_s = monotonic() - self.silent
            if for_s > SILENT_S:
                raise MunuError(
                    f"the scheduler at {self.address} has not answered for {for_s:.0f} s",
                    f"See whether its process still runs and its machine can be reached. {KEPT}",
                ) from error

    def _tell_of_none(self) -> None:
        """Say once that there are no workers; those that queue may come in hours."""
        if self.last:
            self.helped, self.told = monotonic(), False
        elif not self.told and monotonic() - self.helped > LONELY_S:
            self.told = True
            logging.getLogger("munu").warning(
                "munu: the scheduler at %s has no workers: waiting for the first. "
                "Start some (dask worker %s), or press Ctrl-C",
                self.address,
                self.address,
            )
