"""A bound on a moment whose file states its detector: events of every flux, limits of the bound."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from importlib.resources import files
from itertools import pairwise
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
import pytest
from scipy.integrate import quad
from scipy.stats import norm

import munu
from munu.analysis.checks.check import check
from munu.base.errors import MunuError
from munu.cli import main as entry
from munu.experiments.load import loads
from munu.experiments.model import MomentBound
from munu.physics import electrons as es
from munu.physics.electron_couplings import ElectronCouplings
from munu.physics.moments import FLAVOURS
from munu.results import RateResult
from munu.sources.solar import SolarSource

NAME = "borexino-phase-ii"
TEXT = files("munu.experiments").joinpath(f"catalogue/{NAME}.toml").read_text(encoding="utf-8")
FLUXES = ("pp", "pep", "hep", "7Be", "8B", "13N", "15O", "17F")
STATEMENTS: dict[str, Callable[[Any], float]] = {
    "slice": lambda e: munu.limit(e, "Lambda_1").limit_mu_b,
    "profiled": lambda e: munu.limit(e, "Lambda_3", others="profiled").limit_mu_b,
    "flavour": lambda e: munu.limit(e, "Lambda_e").limit_mu_b,
    "effective": lambda e: munu.limit(e, "mu_nu_e").limit_mu_b,
    "region": lambda e: float(munu.region(e, ("Lambda_1", "Lambda_2")).polygons[0].max()),
    "combined": lambda e: munu.limit(["conus", e], "Lambda_2", others="profiled").limit_mu_b,
}


def bound() -> MomentBound:
    experiment = munu.load(NAME)
    assert isinstance(experiment, MomentBound)
    return experiment


def alone() -> str:
    """Return the file without its detector, the source that of the bound's neutrinos alone."""
    detector = ("target", "exposure", "detector")
    kept = "\n[".join(part for part in TEXT.split("\n[") if not part.startswith(detector))
    unused = ("channels", "form_factor", "sin2_theta_w", "radiative", "beams")
    lines = [line for line in kept.splitlines() if not line.startswith(unused)]
    return "\n".join(lines).replace("survival =", 'nuclides = ["7Be"]\nsurvival =')


@pytest.mark.parametrize("name", STATEMENTS)
def test_limits_are_those_of_the_bound_alone(name: str) -> None:
    without = loads(alone())
    assert isinstance(without, MomentBound)
    assert without.counting is None
    statement = STATEMENTS[name]
    assert statement(NAME) == pytest.approx(statement(without), rel=1e-12)


def test_the_beams_make_the_mixture_of_the_bound() -> None:
    """With all fluxes the mixture would be that of pp, whose conversion is weaker."""
    beryllium = munu.limit(NAME, "Lambda_1").limit_mu_b
    everything = loads("\n".join(x for x in TEXT.splitlines() if not x.startswith("beams")))
    assert munu.limit(everything, "Lambda_1").limit_mu_b > 1.005 * beryllium
    assert munu.limit(everything, "mu_eff").limit_mu_b == pytest.approx(2.8e-11)


def test_every_flux_is_counted() -> None:
    rate = munu.rate(NAME)
    assert list(dict.fromkeys(c.beam for c in rate.components)) == list(FLUXES)
    assert {c.species for c in rate.components} == {"nu_1", "nu_2", "nu_3"}
    assert all(list(c.channels) == ["electron"] for c in rate.components)
    assert rate.sm_events == pytest.approx(sum(c.sm_events for c in rate.components))
    assert rate.values().shape == (137,)
    assert rate.values(2.8e-11).sum() > 1.03 * rate.values().sum()
    assert munu.rate(NAME, channels="electron").sm_events == rate.sm_events
    restored = RateResult.from_json(rate.to_json())
    assert restored.to_json() == rate.to_json()


def test_events_of_the_beryllium_lines_are_the_integral() -> None:
    """Plain cross sections on free electrons and the error function, integrated apart."""
    source = bound().source
    assert isinstance(source, SolarSource)
    flavours_of_mass = np.abs(bound().mixing.pmns()) ** 2
    electrons = 66 * 6.02214076e26 / (9 * 12.0107 + 12 * 1.00794) * 71.3e3

    def rate(recoil: float, energy: float) -> float:
        sigma = 1.58 * np.sqrt(recoil)
        seen = norm.cdf((2930 - recoil) / sigma) - norm.cdf((190 - recoil) / sigma)
        shares = flavours_of_mass @ source.arrival_probabilities("7Be", energy, bound().mixing)
        species = (f"nu_{flavour}" for flavour in FLAVOURS)
        weak = [float(es.weak(energy, recoil, one, ElectronCouplings(0.2312))) for one in species]
        return float(seen * (shares @ weak))

    expected = 0.0
    for energy, share in ((0.8618, 0.897), (0.3843, 0.103)):
        end = float(es.maximum_recoil_kev(energy))
        borders = np.unique(np.clip([50, 120, 190, 260, 400, end], None, end))
        pieces = [quad(rate, a, b, args=(energy,), epsrel=1e-9)[0] for a, b in pairwise(borders)]
        expected += 4.93e9 * share * sum(pieces) * electrons * 1291.51 * 86400
    found = sum(c.sm_events for c in munu.rate(NAME).components if c.beam == "7Be")
    assert found == pytest.approx(expected, rel=1e-4)


def test_spectrum_and_plots() -> None:
    spectrum = munu.spectrum(NAME)
    assert list(spectrum.shown()) == list(FLUXES)
    figure, axes = munu.plot(spectrum)
    labels = [text.get_text() for text in figure.legends[0].get_texts()]
    assert labels[:3] == ["pp", "pep", "$^{7}$Be"]
    assert "hep" not in labels
    plt.close(figure)
    assert axes.get_ylim()[0] > 0
    standard_model, dipole = spectrum.tables()
    assert standard_model.columns == dipole.columns == ("T (keV)", *FLUXES)


def test_the_table_has_one_row_for_each_flux() -> None:
    rows = [line.split() for line in str(munu.rate(NAME)).splitlines() if " electron " in line]
    assert [row[1] for row in rows] == list(FLUXES)
    assert {row[0] for row in rows} == {"nu"}
    table = {row[1]: float(row[3]) for row in rows}
    for beam in FLUXES:
        total = sum(c.sm_events for c in munu.rate(NAME).components if c.beam == beam)
        assert table[beam] == pytest.approx(total, rel=1e-4)


def test_recoils_that_are_not_counted() -> None:
    for statement in (munu.rate, munu.limit, munu.spectrum):
        with pytest.raises(MunuError, match="does not count nuclear recoils"):
            statement(NAME, channels="nuclear")
    assert munu.limit(NAME, channels="electron").limit_mu_b == munu.limit(NAME).limit_mu_b


def test_a_bound_from_nuclear_and_electron_recoils_is_one() -> None:
    both = loads(TEXT.replace('["electron"]', '["electron", "nuclear"]'))
    rate = munu.rate(both)
    parts = {name: munu.rate(both, channels=name) for name in ("electron", "nuclear")}
    assert rate.sm_events == pytest.approx(sum(part.sm_events for part in parts.values()))
    with pytest.raises(MunuError, match="from all its recoils together"):
        munu.limit(both, channels="electron")


def test_events_of_a_bound_have_no_likelihood() -> None:
    counting = bound().counting
    assert munu.rate(counting).sm_events == munu.rate(NAME).sm_events
    for statement in (munu.limit, munu.region):
        with pytest.raises(MunuError, match="have no likelihood"):
            statement(counting)
    with pytest.raises(MunuError, match="no observed counts"):
        munu.fit(NAME)


def test_a_bound_alone_counts_no_events() -> None:
    for statement in (munu.rate, munu.spectrum):
        with pytest.raises(MunuError, match="'borexino' is a bound on a moment and counts no"):
            statement("borexino")


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('beams = { value = ["7Be"]', 'beams = { value = ["7B"]', "unknown beam '7B'"),
        ('beams = { value = ["7Be"]', "beams = { value = []", "at least 1"),
        ('beams = { value = ["7Be"]', "beams = { value = 3", "statistic.beams"),
        ("[exposure]\nlive_time =", "[setup.current]\nnotes = []\n#", "lacks 'exposure'"),
        ("mass = {", "# {", "lacks 'mass'"),
        ("channels =", "# =", "lacks 'channels'"),
        ("[statistic]", "[statistic]\nsigma_signal = 0.1", "'sigma_signal'"),
    ],
)
def test_mistakes_in_the_file(old: str, new: str, words: str) -> None:
    assert old in TEXT
    with pytest.raises(MunuError) as caught:
        loads(TEXT.replace(old, new, 1), name="my.toml")
    assert str(caught.value).startswith("my.toml")
    assert words in str(caught.value)


def test_beams_are_checked_in_python_too() -> None:
    with pytest.raises(MunuError, match=r"unknown beam 'pp' in the source.*7Be"):
        replace(munu.load("borexino"), beams=("pp",))


def test_the_detector_of_a_bound_is_checked() -> None:
    assert check(bound()) == ()
    efficient = loads(
        TEXT.replace("fraction = 1,", "fraction = 1e-9,").replace('"71.3 t"', '"1e9 t"')
    )
    assert any("target mass" in str(remark) for remark in check(efficient))


@pytest.mark.parametrize(
    ("command", "words"),
    [
        (("rate", NAME), ("7Be", "electron", "15O")),
        (("rate", NAME, "--spectrum"), ("pep", "before the detector")),
        (("show", NAME), ("C9H12", "71.3 t", "C electrons", "mass x live time")),
        (("check", NAME), ("No warnings",)),
        (("cite", NAME), ("1707.09279", "1707.09355")),
        (("limit", NAME, "--channels", "electron"), ("0.446",)),
        (("limit", NAME, "--beam", "7Be"), ("0.446",)),
    ],
)
def test_commands(
    command: tuple[str, ...],
    words: tuple[str, ...],
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("sys.argv", ["munu", *command])
    with pytest.raises(SystemExit) as stop:
        entry.main()
    output = capsys.readouterr().out
    assert stop.value.code == 0
    assert all(word in output for word in words)
