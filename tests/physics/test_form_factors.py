"""Form factors against numerical Fourier transforms of their densities, and in their limits."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from munu.base.errors import MunuError
from munu.base.typing import FloatArray
from munu.physics.form_factors import (
    FormFactor,
    Helm,
    KleinNystrand,
    SymmetrisedFermi,
    Unity,
    momentum_transfer_per_fm,
)
from munu.physics.nuclei import Nucleus, elements, nucleus

ISOTOPES = [
    isotope for isotopes in elements().values() for isotope in isotopes if isotope.protons > 1
]
"""All but hydrogen, which is not an extended droplet."""
MODELS = [SymmetrisedFermi(), Helm("charge-radius"), Helm("lewin-smith"), KleinNystrand(), Unity()]
EXTENDED = MODELS[:-1]
GE, CS = nucleus("Ge-74"), nucleus("Cs-133")


def fermi_radius_fm(isotope: Nucleus) -> float:
    return 1.23 * math.cbrt(isotope.mass_number) - 0.60


def mean_square_radius_fm2(model: FormFactor, isotope: Nucleus) -> float:
    fermi = 0.6 * fermi_radius_fm(isotope) ** 2 + 1.4 * (math.pi * 0.52) ** 2
    if model == Helm("charge-radius"):
        return isotope.charge_radius_fm**2
    if isinstance(model, KleinNystrand):
        return 0.6 * (1.23 * math.cbrt(isotope.mass_number)) ** 2 + 6 * 0.7**2
    return fermi


def fourier_bessel(q: FloatArray, r: FloatArray, density: FloatArray) -> FloatArray:
    """Normalised 4π ∫ ρ r² sin(qr)/(qr) dr by the trapezoidal rule on a fine grid."""
    kernel = np.sinc(np.outer(q, r) / np.pi) * density * r**2
    return np.asarray(np.trapezoid(kernel, r, axis=1) / np.trapezoid(density * r**2, r))


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("isotope", ISOTOPES, ids=lambda isotope: isotope.name)
def test_no_momentum_transfer_sees_the_whole_nucleus(model: FormFactor, isotope: Nucleus) -> None:
    assert model(np.array([0.0, 1e-12, 1e-8]), isotope) == pytest.approx(1.0, abs=1e-12)


@pytest.mark.parametrize("model", EXTENDED)
@pytest.mark.parametrize("isotope", [nucleus("C-12"), nucleus("Ar-40"), GE, nucleus("W-184")])
def test_small_momentum_transfer_sees_the_rms_radius(model: FormFactor, isotope: Nucleus) -> None:
    q = 1e-3
    radius2 = 6 * (1 - model(q, isotope)) / q**2
    assert radius2 == pytest.approx(mean_square_radius_fm2(model, isotope), rel=1e-5)


@pytest.mark.parametrize("isotope", [nucleus("Ar-40"), GE, CS])
def test_symmetrised_fermi_is_the_transform_of_its_density(isotope: Nucleus) -> None:
    q, r = np.linspace(0.01, 2.5, 40), np.linspace(0, 60, 60_001)
    c, a = fermi_radius_fm(isotope), 0.52
    density = 1 / (1 + np.exp((r - c) / a)) - 1 / (1 + np.exp((r + c) / a))
    expected = fourier_bessel(q, r, density)
    assert SymmetrisedFermi()(q, isotope) == pytest.approx(expected, abs=1e-8)


@given(st.floats(min_value=0.05, max_value=5.0))
def test_symmetrised_fermi_as_printed(q: float) -> None:
    x, y = q * fermi_radius_fm(CS), math.pi * q * 0.52
    bracket = y * math.sin(x) / math.tanh(y) - x * math.cos(x)
    printed = 3 / (x * (x**2 + y**2)) * (y / math.sinh(y)) * bracket
    assert SymmetrisedFermi()(q, CS) == pytest.approx(printed, rel=1e-9, abs=1e-12)


@pytest.mark.parametrize("helm", [Helm("charge-radius"), Helm("lewin-smith")])
def test_helm_is_the_transform_of_a_smeared_sphere(helm: Helm) -> None:
    """The convolution of a uniform sphere with a Gaussian, in closed form over |r - r'|."""
    q, r = np.linspace(0.01, 2.5, 40), np.linspace(1e-6, 20, 20_001)
    s, r0 = 0.9, math.sqrt(5 / 3 * mean_square_radius_fm2(helm, CS) - 5 * 0.9**2)
    inner = np.linspace(0, r0, 2001)
    density = np.array(
        [
            np.trapezoid(
                inner
                * (np.exp(-((x - inner) ** 2) / 2 / s**2) - np.exp(-((x + inner) ** 2) / 2 / s**2)),
                inner,
            )
            / x
            for x in r[::10]
        ]
    )
    assert helm(q, CS) == pytest.approx(fourier_bessel(q, r[::10], density), abs=1e-5)


def test_klein_nystrand_without_range_is_a_uniform_sphere() -> None:
    q = np.linspace(0.01, 3, 50)
    r = np.linspace(0, 1.23 * 133 ** (1 / 3), 20_001)
    sphere = KleinNystrand(yukawa_range_fm=0.0)(q, CS)
    assert sphere == pytest.approx(fourier_bessel(q, r, np.ones_like(r)), abs=1e-7)
    assert KleinNystrand()(q, CS) == pytest.approx(sphere / (1 + 0.49 * q**2), rel=1e-12)


def test_symmetrised_fermi_without_diffuseness_is_a_uniform_sphere() -> None:
    q, radius_fm = np.linspace(0, 3, 50), 1.23 * 133 ** (1 / 3)
    sharp = SymmetrisedFermi(half_density_radius_fm=radius_fm, diffuseness_fm=0.0)
    assert sharp(q, CS) == pytest.approx(KleinNystrand(yukawa_range_fm=0.0)(q, CS), abs=1e-14)


@pytest.mark.parametrize(("isotope", "recoil_energy_kev"), [(CS, 10.0), (GE, 5.0)])
def test_models_agree_at_low_recoil_energies(isotope: Nucleus, recoil_energy_kev: float) -> None:
    """The first three agree to 1 %; Klein-Nystrand has a larger radius (5.16 fm in Cs)."""
    q = momentum_transfer_per_fm(recoil_energy_kev, isotope.mass_mev)
    fermi, helm, lewin_smith, klein_nystrand = (model(q, isotope) for model in EXTENDED)
    assert helm == pytest.approx(fermi, rel=1e-2)
    assert lewin_smith == pytest.approx(fermi, rel=1e-3)
    assert 0.95 * fermi < klein_nystrand < fermi


@given(st.sampled_from(MODELS), st.sampled_from(ISOTOPES), st.floats(min_value=0.0, max_value=1e6))
def test_bounded_everywhere(model: FormFactor, isotope: Nucleus, q: float) -> None:
    value = model(q, isotope)
    assert np.isfinite(value)
    assert abs(value) <= 1 + 1e-15


def test_small_arguments_to_rounding() -> None:
    """Eq. (22) and a uniform sphere as printed, with 40 digits, on both sides of every series."""
    mp = pytest.importorskip("mpmath").mp
    c, b, radius_fm = fermi_radius_fm(GE), math.pi * 0.52, 1.23 * 74 ** (1 / 3)
    with mp.workdps(40):
        for q in [1e-4, 0.01, *np.linspace(0.03, 0.2, 18)]:
            x, y, z = (mp.mpf(float(q)) * length for length in (c, b, radius_fm))
            bracket = y * mp.sin(x) / mp.tanh(y) - x * mp.cos(x)
            fermi = 3 / (x * (x**2 + y**2)) * y / mp.sinh(y) * bracket
            sphere = 3 * (mp.sin(z) - z * mp.cos(z)) / z**3
            assert SymmetrisedFermi()(q, GE) == pytest.approx(float(fermi), rel=5e-14)
            hard_sphere = KleinNystrand(yukawa_range_fm=0.0)(q, GE)
            assert hard_sphere == pytest.approx(float(sphere), rel=5e-14)


def test_shape_follows_the_momentum_transfer() -> None:
    for model in MODELS:
        assert model(np.zeros((3, 4)), GE).shape == (3, 4)
        assert model(0.1, GE).shape == ()


def test_momentum_transfer() -> None:
    """10 keV on Cs: sqrt(2 · 123.7725 GeV · 10 keV) = 49.754 MeV."""
    q = momentum_transfer_per_fm([0.0, 10.0], CS.mass_mev)
    assert q * 197.3269804 == pytest.approx([0.0, 49.754], abs=1e-3)


@pytest.mark.parametrize(
    ("model", "parameters", "message"),
    [
        (Helm, {"radius": "lewin"}, "Did you mean 'lewin-smith'"),
        (Helm, {"skin_thickness_fm": -0.9}, "skin_thickness_fm = -0.9"),
        (Helm, {"skin_thickness_fm": "0.9"}, "skin_thickness_fm = 0.9 is not a length"),
        (KleinNystrand, {"radius_parameter_fm": 0.0}, "radius_parameter_fm = 0.0"),
        (KleinNystrand, {"yukawa_range_fm": -0.1}, "yukawa_range_fm = -0.1"),
        (SymmetrisedFermi, {"diffuseness_fm": float("inf")}, "diffuseness_fm = inf"),
        (SymmetrisedFermi, {"diffuseness_fm": -0.1}, "diffuseness_fm = -0.1"),
        (SymmetrisedFermi, {"half_density_radius_fm": 0.0}, "half_density_radius_fm = 0.0"),
    ],
)
def test_mistakes_are_named(
    model: Callable[..., FormFactor], parameters: dict[str, float | str], message: str
) -> None:
    with pytest.raises(MunuError, match=message):
        model(**parameters)


def test_skin_thicker_than_the_nucleus() -> None:
    with pytest.raises(MunuError, match="too large for C-12"):
        Helm(skin_thickness_fm=2.0)(0.1, nucleus("C-12"))


def test_helm_names_other_form_factors_for_hydrogen():
    with pytest.raises(MunuError, match="too large for H-1") as caught:
        Helm()(np.array([0.1]), nucleus("H-1"))
    assert "take another form factor: klein-nystrand or unity" in caught.value.remedy
    with pytest.raises(MunuError, match="too large for Ge-76") as caught:
        Helm(skin_thickness_fm=3.0)(np.array([0.1]), nucleus("Ge-76"))
    assert "hydrogen" not in caught.value.remedy
