"""Charges as a user states them."""

from __future__ import annotations

import pytest

from munu.base.errors import MunuError
from munu.physics.interactions.charges import (
    B_MINUS_L,
    MU_MINUS_TAU,
    UNIVERSAL,
    VectorCharges,
    parse_charges,
)


def test_charges_are_read() -> None:
    assert parse_charges("nu_e=1,u=1,e=1") == VectorCharges((1.0, 0.0, 0.0), 1.0, 0.0, 1.0)
    assert parse_charges(" nu_tau = -2.5e-1 , d=.5") == VectorCharges((0, 0, -0.25), 0.0, 0.5, 0.0)


def test_models_can_be_stated() -> None:
    assert parse_charges("nu=-1,u=1/3,d=1/3,e=-1") == B_MINUS_L
    assert parse_charges("nu=1,u=1,d=1,e=1") == UNIVERSAL


def test_charges_of_nucleons() -> None:
    assert (UNIVERSAL.proton, UNIVERSAL.neutron) == (3.0, 3.0)
    assert B_MINUS_L.proton == pytest.approx(1.0)
    assert B_MINUS_L.neutron == pytest.approx(1.0)
    assert MU_MINUS_TAU.proton == pytest.approx(1.0)
    assert MU_MINUS_TAU.neutron == pytest.approx(0.0, abs=1e-15)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (None, "no charges are stated"),
        ("", "unknown charge ''"),
        ("nu_e=1,u=1,", "unknown charge ''"),
        ("nu_e=1,up=1", "unknown charge 'up'"),
        ("nu_m=1,u=1", "Did you mean 'nu_mu'"),
        ("nu_e=1,u=1,u=2", "charge of u is stated twice"),
        ("nu=1,nu_mu=2,u=1", "charge of nu_mu is stated twice"),
        ("nu_e=nan,u=1", "nu_e=nan is not a number"),
        ("nu_e=1,u=inf", "u=inf is not a number"),
        ("nu_e=1,u=1_0", "u=1_0 is not a number"),
        ("nu_e=1,u=1/3/2", "u=1/3/2 is not a number"),
        ("nu_e=1,u=1/0", "u=1/0 is not a number"),
        ("nu_e=1,u=", "u= is not a number"),
        ("nu_e,u=1", "nu_e= is not a number"),
        ("nu_e=1,u=1e9", "u=1e9 is not a number"),
        ("nu_e=1,u=2=3", "u=2=3 is not a number"),
        ("nu_e=0,u=1", "no neutrino has a charge"),
        ("u=1,e=1", "no neutrino has a charge"),
        ("nu_e=1", "neither u, d nor e has a charge"),
    ],
)
def test_wrong_charges_are_refused(text: str | None, message: str) -> None:
    with pytest.raises(MunuError, match=message) as caught:
        parse_charges(text)
    assert "\n" not in str(caught.value)
