"""What assumptions are in numbers and in words."""

from __future__ import annotations

from dataclasses import FrozenInstanceError, replace

import numpy as np
import pytest

import munu
from munu.base.errors import MunuError
from munu.physics.assumptions import Assumptions

OWN = munu.Mixing(0.3, 0.02, 0.5, 1.0, 7e-5, 2.5e-3, name="own")


def test_the_dirac_phase_is_the_one_assumed() -> None:
    """Whatever a global fit or a file prints beside its angles."""
    assert Assumptions(mixing=OWN).neutrino_mixing == OWN.with_delta(0.0)
    assert Assumptions(mixing=OWN, delta_cp=0.4).neutrino_mixing == OWN.with_delta(0.4)
    named = Assumptions(mixing="nufit60-no", delta_cp=0.4).neutrino_mixing
    assert named == munu.global_fit("nufit60-no").with_delta(0.4)


def test_the_phases_of_the_moments() -> None:
    """ξ₁ = ζ₃ - ζ₂ and ξ₂ = ζ₃ - ζ₁ with ζ₃ = 0."""
    zeta = Assumptions(xi_1=0.2, xi_2=0.5).zeta()
    assert (zeta[2] - zeta[1], zeta[2] - zeta[0], zeta[2]) == (0.2, 0.5, 0.0)
    np.testing.assert_array_equal(Assumptions().zeta(), [0.0, 0.0, 0.0])


def test_settled_and_stored() -> None:
    settled = Assumptions(delta_cp=0.4, xi_1=0.2).settled(OWN)
    assert settled.mixing == OWN.with_delta(0.4)
    assert (settled.delta_cp, settled.xi_1, settled.xi_2) == (0.4, 0.2, 0.0)
    stored = settled.stored({"xi_1": "profiled", "delta_cp": "shown"})
    assert (stored.mixing, stored.delta_cp, stored.xi_1, stored.xi_2) == ("own", None, None, 0.0)
    assert stored.phases["xi_2"] == "fixed"
    zero = replace(settled, mixing=OWN.with_delta(0.0), delta_cp=0.0, xi_1=0.0)
    assert stored.settled(OWN) == zero


def test_words() -> None:
    usual = Assumptions()
    assert usual.text() == (
        "full beam, per-species convention, σ_sys of each experiment; "
        "mixing of the files, δ_CP, ξ₁ and ξ₂ 0"
    )
    assert usual.restrictions() == ()
    other = Assumptions(
        mixing=OWN,
        delta_cp=0.4,
        beam="delayed",
        sigma_sys=0.1,
        recoils="electron",
        asimov=True,
        one_sided=True,
    )
    restrictions = (
        "delayed beam",
        "moments seen by electron recoils only",
        "expected without moments",
        "one-sided",
    )
    assert other.restrictions() == restrictions
    assert all(words in other.text() for words in (*restrictions, "σ_sys 0.1", "mixing own"))
    assert other.text().endswith("δ_CP 0.4, ξ₁ and ξ₂ 0")
    absent = other.stored({"xi_1": "absent", "xi_2": "varied"})
    assert absent.text().endswith("δ_CP 0.4, ξ₂ varied")


def test_assumptions_are_frozen_and_comparable() -> None:
    one = Assumptions(beam="prompt")
    with pytest.raises(FrozenInstanceError):
        one.beam = "full"
    with pytest.raises(TypeError):
        one.phases["xi_1"] = "shown"
    assert one == Assumptions(beam="prompt") != Assumptions()
    assert {one: 1}[Assumptions(beam="prompt")] == 1
    assert Assumptions(sigma_sys=np.float64(0.1)) == Assumptions(sigma_sys=0.1)


def test_a_phase_without_a_value_is_one_that_is_not_fixed() -> None:
    with pytest.raises(MunuError, match="delta_cp = None is not a number"):
        Assumptions(delta_cp=None)
    with pytest.raises(MunuError, match="does not say what delta_cp, xi_1, xi_2 are"):
        Assumptions(phases={"xi_1": "fixed"})


@pytest.mark.parametrize(
    ("keyword", "text", "value"),
    [
        ("xi_1", "180 deg", np.pi),
        ("delta_cp", "-1.5", -1.5),
        ("delta_cp", "0.5 rad", 0.5),
        ("sigma_sys", "10 %", 0.1),
        ("sigma_sys", "0.1", 0.1),
    ],
)
def test_numbers_may_have_their_unit(keyword, text, value):
    assert getattr(Assumptions(**{keyword: text}), keyword) == pytest.approx(value, rel=1e-15)


@pytest.mark.parametrize(
    ("keyword", "text", "message"),
    [
        ("xi_1", "180 %", "xi_1: '180 %' is not a valid angle"),
        ("xi_2", "half", "xi_2: 'half' is not a number"),
        ("sigma_sys", "-10 %", "sigma_sys = -0.1 is out of range"),
    ],
)
def test_other_texts_are_no_numbers(keyword, text, message):
    with pytest.raises(MunuError, match=message):
        Assumptions(**{keyword: text})
