"""Which parameters stand together, and why others do not."""

from __future__ import annotations

from dataclasses import replace

import pytest

from munu.base.errors import MunuError
from munu.experiments.load import load
from munu.physics.assumptions import Assumptions
from munu.physics.interactions import registry
from munu.physics.interactions.base import NOTHING
from munu.physics.interactions.compatible import FLIPPING, check_together
from munu.physics.interactions.weak import standard_amplitude


@pytest.mark.parametrize(
    "names",
    [
        ["Lambda_1", "Lambda_2", "Lambda_3"],
        ["mu_nu_e", "mu_nu_mu", "mu_nu_tau"],
        ["Lambda_1", "Lambda_e"],
        ["dirac_ee", "dirac_emu", "dirac_taue"],
        ["mu_N_e", "mu_N_mu", "mu_N_tau"],
        ["g_scalar", "sin2_theta_w"],
        ["sin2_theta_w", "mu_N_mu"],
        ["g_tensor"],
        ["g_scalar", "g_scalar"],
        [],
    ],
)
def test_what_stands_together(names: list[str]) -> None:
    check_together(names)
    check_together([registry.parameter(name) for name in names])


@pytest.mark.parametrize(
    ("names", "reason"),
    [
        (["Lambda_1", "dirac_ee"], "neutrinos are Majorana or Dirac"),
        (["dirac_emu", "sin2_theta_w", "Lambda_tau"], "neutrinos are Majorana or Dirac"),
        (["mu_nu_e", "dirac_ee"], "of all entries of a column"),
        (["mu_eff", "dirac_mumu"], "of all entries of a column"),
        (["mu_nu_e", "Lambda_3"], "what all transition moments make together"),
        (["mu_eff", "Lambda_e"], "what all transition moments make together"),
        (["mu_eff", "mu_nu_e"], "the common value of all three"),
        (["g_scalar", "dirac_ee"], "both flip the helicity and may interfere"),
        (["g_scalar", "mu_nu_mu"], "both flip the helicity and may interfere"),
        (["mu_N_mu", "Lambda_2"], "both flip the helicity"),
        (["mu_N_mu", "g_pseudoscalar"], "both flip the helicity"),
        (["g_tensor", "Lambda_2"], "both flip the helicity"),
        (["g_scalar", "g_tensor"], "two mediators, and one mass"),
        (["g_pseudoscalar", "g_scalar"], "two mediators, and one mass"),
        (["g_skalar"], "Did you mean 'g_scalar'"),
    ],
)
def test_what_does_not(names: list[str], reason: str) -> None:
    for order in (names, names[::-1]):
        with pytest.raises(MunuError, match=reason):
            check_together(order)


def test_what_flips_the_helicity_is_what_never_interferes_with_the_weak_interaction() -> None:
    """So that an interaction that is added is one or the other without being forgotten."""
    stated = Assumptions(
        mediator_mass="1 MeV", sterile_mass="1 MeV", charges="nu=1,u=1,e=1", mixing="nufit60-no"
    )
    model = replace(load("xenonnt-sr0-er").standard_model, recoils=("nuclear", "electron"))
    weak = {term.structure for term in standard_amplitude(model)}
    for name, parameter in registry.parameters().items():
        if parameter.kind == "phase":
            continue
        amplitudes = registry.interaction_of(name).amplitudes(parameter, model, stated)
        terms = [term for amplitude in amplitudes for term in amplitude]
        interferes = any(one.times(t.structure) != NOTHING for one in weak for t in terms)
        assert interferes == (name not in FLIPPING), name
