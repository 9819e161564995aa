"""The three choices of weak couplings in a file, and what is refused."""

from __future__ import annotations

from importlib.resources import files

import pytest

from munu.base.errors import MunuError
from munu.experiments.load import load, loads
from munu.experiments.model import CountingExperiment
from munu.experiments.references import references_of
from munu.folding.fold import fold
from munu.physics.couplings import weak_couplings
from munu.physics.electron_couplings import ElectronCouplings

RADIATIVE = 'radiative = { value = true, source = "arXiv:1905.03750, Eq. (21)" }'
REVIEW = "Erler:2013xya"


def conus(keys: str) -> CountingExperiment:
    text = files("munu.experiments").joinpath("catalogue/conus.toml").read_text(encoding="utf-8")
    assert RADIATIVE in text
    loaded = loads(text.replace(RADIATIVE, keys), setup="current")
    assert isinstance(loaded, CountingExperiment)
    return loaded


def test_couplings_of_the_flavours() -> None:
    experiment = conus(f"{RADIATIVE}\nflavour_dependent = true")
    assert experiment.couplings == weak_couplings(0.2312, flavour_dependent=True)
    assert experiment.electron_couplings == ElectronCouplings(0.2312)
    assert REVIEW in references_of(experiment)


@pytest.mark.parametrize(("keys", "radiative"), [(RADIATIVE, True), ("radiative = false", False)])
@pytest.mark.parametrize("more", ["", "\nflavour_dependent = false"])
def test_the_other_choices_are_as_before(keys: str, radiative: bool, more: str) -> None:
    experiment = conus(keys + more)
    assert experiment.couplings == weak_couplings(0.2312, radiative=radiative)
    assert REVIEW not in references_of(experiment)


def test_the_literature_has_fewer_events_of_electron_neutrinos() -> None:
    """By what the couplings to protons and neutrons say, on the average of germanium."""
    paper, today = conus(RADIATIVE), conus(f"{RADIATIVE}\nflavour_dependent = true")
    ratio = fold(paper).sm_total().sum() / fold(today).sm_total().sum()
    neutrons = 72.63 - 32
    charges = [
        32 * c.proton_vector_of("e") + neutrons * c.neutron_vector
        for c in (paper.couplings, today.couplings)
    ]
    assert ratio == pytest.approx((charges[0] / charges[1]) ** 2, rel=1e-3)
    assert ratio == pytest.approx(1.027, abs=1e-3)


def test_at_tree_level_nothing_depends_on_the_flavour() -> None:
    with pytest.raises(MunuError, match="do not depend on the flavour") as refused:
        conus("radiative = false\nflavour_dependent = true")
    assert "interaction" in str(refused.value)


def test_a_choice_is_true_or_false() -> None:
    with pytest.raises(MunuError, match="flavour_dependent"):
        conus(f'{RADIATIVE}\nflavour_dependent = "yes"')


def test_quarks_have_no_couplings_where_electrons_alone_recoil() -> None:
    with pytest.raises(MunuError, match="flavour_dependent: nuclear recoils are not counted"):
        load("xenonnt-sr0-er", changes={"interaction.flavour_dependent": True})
