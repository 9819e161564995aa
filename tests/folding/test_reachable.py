"""Sterile masses beyond what a source makes."""

from __future__ import annotations

import pytest

import munu
from munu.base.errors import MunuError
from munu.experiments.model import CountingExperiment
from munu.folding.reachable import check_reachable
from munu.physics.assumptions import Assumptions


def check(name: str, mass: str | None, **options: str) -> None:
    experiment = munu.load(name)
    assert isinstance(experiment, CountingExperiment)
    check_reachable(experiment, Assumptions(sterile_mass=mass, **options))


# Endpoints: m_μ/2 of the decay, 29.79 MeV of the pion; √(M²+2ME) - M of caesium-133, and of
# electrons for 18.8 MeV of the hep flux.
@pytest.mark.parametrize(
    ("name", "options", "below", "above"),
    [
        ("coherent-csi-2021", {}, "52.81 MeV", "52.83 MeV"),
        ("coherent-csi-2021", {"beam": "prompt"}, "29.78 MeV", "29.80 MeV"),
        ("coherent-csi-2021", {"channels": "electron"}, "6.84 MeV", "6.87 MeV"),
        ("xenonnt-sr0-er", {}, "3.8 MeV", "4.0 MeV"),
    ],
)
def test_the_heaviest(name: str, options: dict[str, str], below: str, above: str) -> None:
    if "channels" in options:
        options = {"recoils": options["channels"]}
    check(name, below, **options)
    with pytest.raises(MunuError, match=r"E >= m4 \+ m4²/2M") as refused:
        check(name, above, **options)
    assert "\n" not in str(refused.value)
    assert "Take a sterile mass below" in str(refused.value)


def test_without_a_mass_nothing_is_checked() -> None:
    check("conus", None)


def test_a_beam_that_is_not_there() -> None:
    """It was the maximum of nothing, a traceback."""
    with pytest.raises(MunuError, match=r"unknown beam 'promt'.*'prompt'.*prompt, delayed, full"):
        munu.limit("coherent-csi", "mu_N_e", sterile_mass="1 MeV", beam="promt")
