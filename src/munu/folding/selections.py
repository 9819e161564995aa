"""Which recoils of an experiment are asked for."""

from __future__ import annotations

from munu.base.arguments import check_name
from munu.base.errors import MunuError
from munu.experiments.model import CountingExperiment, Experiment, counting_part
from munu.physics.assumptions import RECOILS, Recoils


def check_channels(experiment: Experiment, channels: Recoils) -> None:
    """Check that an experiment counts what is asked for.

    Parameters
    ----------
    experiment : Experiment
    channels : {"all", "nuclear", "electron"}
        ``all`` are the channels of the experiment's file.

    Raises
    ------
    MunuError
        For an unknown channel, one that the experiment does not count, or a bound on a moment,
        which holds for all its recoils together.
    """
    check_name("channels", channels, RECOILS)
    if channels == "all":
        return
    counting = counting_part(experiment)
    if counting is None:
        raise MunuError(
            f"'{experiment.identity.name}' is a bound on a moment and has no channels",
            "Leave the channels at 'all'",
        )
    if channels not in counting.recoils:
        raise MunuError(
            f"'{experiment.identity.name}' does not count {channels} recoils",
            f"Allowed: all, {', '.join(counting.recoils)}",
        )
    if not isinstance(experiment, CountingExperiment) and len(counting.recoils) > 1:
        raise MunuError(
            f"'{experiment.identity.name}' is a bound on a moment from all its recoils together",
            "Leave the channels at 'all'; `munu rate` takes them apart",
        )
