"""An experiment with some of its scattering channels, or at another weak mixing angle."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from munu.base.arguments import check_name
from munu.base.errors import MunuError
from munu.experiments.model import CountingExperiment, Experiment, counting_part
from munu.physics.assumptions import RECOILS, Recoils
from munu.physics.couplings import weak_couplings

Channels = Recoils
CHANNELS: Final = RECOILS


def with_channels(experiment: Experiment, channels: Channels) -> Experiment:
    """Return the experiment with its nuclear or its electron recoils alone, or all it counts.

    The data and the backgrounds stay.

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
    check_name("channels", channels, CHANNELS)
    if channels == "all":
        return experiment
    counting = counting_part(experiment)
    if counting is None:
        raise MunuError(
            f"'{experiment.identity.name}' is a bound on a moment and has no channels",
            "Leave the channels at 'all'",
        )
    if channels not in counting.interactions:
        raise MunuError(
            f"'{experiment.identity.name}' does not count {channels} recoils",
            f"Allowed: all, {', '.join(counting.interactions)}",
        )
    if isinstance(experiment, CountingExperiment):
        return replace(experiment, interactions=(channels,))
    if len(counting.interactions) > 1:
        raise MunuError(
            f"'{experiment.identity.name}' is a bound on a moment from all its recoils together",
            "Leave the channels at 'all'; `munu rate` takes them apart",
        )
    return experiment


def loaded_channels(experiment: Experiment) -> tuple[str, ...]:
    """Return the channels that an experiment counts; none for a bound alone."""
    counting = counting_part(experiment)
    return () if counting is None else counting.interactions


def with_weak_angle(experiment: CountingExperiment, sin2_theta_w: float) -> CountingExperiment:
    """Return the experiment with another sin²θ_W in the quarks' and the electron's couplings.

    Raises
    ------
    MunuError
        If the value is no squared sine, or the quarks' couplings are not those of the electron's
        sin²θ_W.
    """
    own = experiment.electron_couplings
    if experiment.couplings != weak_couplings(own.sin2_theta_w, radiative=own.radiative):
        raise MunuError(
            f"quarks and electrons of '{experiment.identity.name}' differ in sin2_theta_w or in "
            "radiative corrections",
            "Make both from one value, with weak_couplings and ElectronCouplings",
        )
    return replace(
        experiment,
        couplings=weak_couplings(sin2_theta_w, radiative=own.radiative),
        electron_couplings=replace(own, sin2_theta_w=sin2_theta_w),
    )
