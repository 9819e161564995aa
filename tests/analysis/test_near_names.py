"""What is refused names what is near, and what else may be given."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np
import pytest

import munu
from munu.analysis.cite import keys_of
from munu.base.errors import MunuError
from munu.physics.interactions.registry import parameter


@cache
def conus() -> Any:
    return munu.load("conus")


LIMIT = munu.limit("conus")


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: munu.limit("conus", cl=90), "Did you mean 0.9?"),
        (lambda: munu.limit("conus", cl=1e-9), "0.001 to 0.999999999999"),
        (lambda: munu.limit("conus", cl=1 - 1e-14), "level 0.99999999999999 is out of range"),
        (lambda: munu.region("conus", ("Lambda_1", "Lambda_2"), cl=1e-9), "0.001 to 0.99"),
        (lambda: munu.limit("conus", "Lamda_1"), "Did you mean 'Lambda_1'?"),
        (lambda: munu.limit("conus", sigma_sis=0.1), "'sigma_sis' in limit. Did you mean 'sigma_"),
        (lambda: munu.limit("conus", other="zero"), "keyword 'other' in limit. Did you mean 'oth"),
        (
            lambda: munu.limit("conus", assumptions={"beam": "full"}),
            "is not a munu.Assumptions. Make",
        ),
        (lambda: munu.limit("conus", mixing="nufit61-no"), "global fit 'nufit61-no'. Did you mean"),
        (lambda: munu.limit("conus", convention="publishd"), "Did you mean 'published'?"),
        (lambda: munu.limit("conus", channels="nuclei"), "unknown channels 'nuclei'. Did you mean"),
        (lambda: munu.limit("conus", sigma_sys=-1), "sigma_sys = -1 is out of range"),
        (
            lambda: munu.region("conus", one_sided=True),
            "one_sided = True is not an assumption",
        ),
        (lambda: munu.region("conus", profile="xi_3"), "Did you mean 'xi_1'?|'xi_2'"),
        (lambda: munu.profile("conus", moment_mu_b=[0.0, -1e-10]), "-1e-10 mu_B is out of range"),
        (lambda: munu.spectrum("conus", recoil_energy_kev=[[1.0], [2.0]]), "not a list of numbers"),
        (lambda: munu.profile("conus", moment_mu_b=[[1.0], [2.0, 3.0]]), "not a list of numbers"),
        (lambda: munu.coverage("coherent-csi-2017", seed=-1), "a whole number, 0 or more"),
        (lambda: munu.fold("conus"), r"munu.fold\(munu.load\('conus'\)\)"),
        (lambda: munu.limit(conus(), setup="future"), "loaded with the setup 'current'"),
        (lambda: munu.coverage("dresden-ii", "Lambda_e"), "no default moduli"),
        (lambda: munu.fold(conus(), mixing="nufit61-no"), "global fit 'nufit61-no'. Did you mean"),
        (lambda: munu.fold(conus(), mixing=3), r"munu.Mixing, such as munu.global_fit\('"),
        (lambda: munu.load(conus()), "is loaded already. Give an identifier"),
        (lambda: munu.setups(conus()), "is loaded already"),
        (lambda: munu.validate(conus()), "is loaded already"),
        (lambda: munu.limit("CONUS+"), "Did you mean 'conus-plus'?"),
        (lambda: munu.limit("Dresden-II"), "Did you mean 'dresden-ii'?"),
        (
            lambda: munu.limit("conus-plus,dresden-ii@quoted-flux"),
            r"2 experiments at once. Give a list, \['conus-plus', 'dresden-ii@quoted-flux'\], or",
        ),
        (lambda: munu.limit(b"conus"), "b'conus' is not an experiment"),
        (lambda: munu.limit("conus", "q_ee"), r"'millicharge_ee'\? For all .* munu.par"),
        (lambda: munu.region("conus", ("|Λ₁|", "Λ₂")), "Did you mean 'Lambda_1'?"),
        (lambda: munu.limit("conus", "\N{MICRO SIGN}_νe"), "Did you mean 'mu_nu_e'?"),
        (
            lambda: munu.scan("conus", "Lambda_1", over="target.mass", at=["1 kg"], points=2),
            "at gives the values already, beside points = 2. .* start and end in Python",
        ),
        (lambda: munu.coverage("coherent-csi", "mu_nu_e", at=[-1e-10]), "^at = -1e-10 mu_B is out"),
        (lambda: munu.scan("conus", "Lambda_1", foo=1), "unknown keyword 'foo' in scan"),
        (lambda: munu.scan("conus", "Lambda_1"), "nothing is named to scan over. Give over, --ov"),
        (lambda: munu.envelope("conus", one_sided=True), "is not an assumption of an envelope"),
        (
            lambda: munu.limit("borexino", "dirac_ee"),
            "says nothing of other couplings, Dirac moments among them. Take .* ask for Lambda_1, ",
        ),
        (lambda: munu.plot(LIMIT, colr="red"), "'colr' in plot. Did you mean 'color'?"),
        (lambda: munu.load("conus", setupp="future"), "'setupp' in load. Did you mean 'setup'?"),
        (lambda: munu.Assumptions(channels="nuclear"), "Did you mean 'recoils'?"),
        (lambda: munu.limit(), "missing a required argument: 'experiment' in limit. It takes exp"),
        (lambda: munu.limit("conus", "Lambda_1", "future"), "too many positional arguments in lim"),
        (lambda: LIMIT.to_json(indent=2), "'indent' in Result.to_json. It takes no arguments"),
    ],
)
def test_the_line_names_what_is_near(call: Callable[[], Any], message: str) -> None:
    with pytest.raises(MunuError, match=message):
        call()


@pytest.mark.parametrize("name", munu.parameters())
def test_a_symbol_that_is_printed_leads_to_its_parameter(name: str) -> None:
    with pytest.raises(MunuError, match=rf"Did you mean '{re.escape(name)}'\?"):
        parameter(parameter(name).symbol + ("" if name != parameter(name).symbol else "|"))


def test_a_global_fit_may_be_named() -> None:
    named = munu.fold(conus(), mixing="nufit60-no")
    assert named == munu.fold(conus(), mixing=munu.global_fit("nufit60-no"))


def test_experiments_to_combine_may_be_a_list() -> None:
    names = ["conus-plus", "dresden-ii"]
    assert munu.combine(names) == munu.combine(*names)


def test_one_name_is_a_list_of_one() -> None:
    one = munu.region("conus", profile="xi_1")
    assert one.to_json() == munu.region("conus", profile=["xi_1"]).to_json()
    assert keys_of("conus") == keys_of(["conus"])


def test_one_phase_alone_is_refused():
    with pytest.raises(MunuError, match="xi_1 is given and xi_2 is not"):
        munu.limit("coherent-csi", "Lambda_3", others="profiled", xi_1=1.0)
    with pytest.raises(MunuError, match="xi_2 is given and xi_1 is not"):
        munu.profile("coherent-csi", "Lambda_3", others="profiled", xi_2=1.0)


@pytest.mark.parametrize(
    "call",
    [
        lambda: munu.region("conus", "Lambda_e,Lambda_mu", xi_1=1.0),
        lambda: munu.region("conus", "delta_cp,Lambda_e", xi_2=1.0),
        lambda: munu.region("conus", "Lambda_1,Lambda_e", xi_2=1.0),
        lambda: munu.envelope("conus", "Lambda_e,Lambda_mu", xi_1=1.0),
        lambda: munu.limit("conus", "Lambda_e", xi_1=1.0, xi_2=1.0),
        lambda: munu.limit("conus", "mu_nu_e", xi_1=1.0, xi_2=1.0),
        lambda: munu.limit("conus", "mu_eff", xi_2=1.0),
        lambda: munu.profile("conus", "mu_nu_mu", xi_1=1.0),
        lambda: munu.limit("conus", "Lambda_1", xi_1=1.0),
        lambda: munu.profile("conus", "Lambda_1", xi_2=1.0),
        lambda: munu.limit("coherent-csi", "Lambda_1", method="cls", xi_2=1.0),
        lambda: munu.coverage("coherent-csi", "Lambda_1", toys=5, xi_2=1.0),
        lambda: munu.scan("conus", "Lambda_1", over="target.mass", at=["1 kg"], xi_1=1.0),
        lambda: munu.likelihood("conus", "Lambda_1", xi_1=1.0),
        lambda: munu.limit("coherent-csi-2021", "sin2_theta_w", xi_1=1.0),
        lambda: munu.weak_angle("conus-plus", moment="Lambda_1", xi_1=1.0),
        lambda: munu.region("coherent-csi-2021", "sin2_theta_w,Lambda_1", xi_1=1.0),
    ],
)
def test_phases_of_the_mass_basis_are_not_taken_where_nothing_depends_on_them(call):
    with pytest.raises(MunuError, match="are phases of Lambda_1, Lambda_2, Lambda_3"):
        call()


def test_phases_of_zero_are_no_phases():
    plain = munu.region("conus", "Lambda_e,Lambda_mu")
    assert munu.region("conus", "Lambda_e,Lambda_mu", xi_1=0.0).to_json() == plain.to_json()
    assert munu.limit("conus", "mu_eff", xi_1=0.0, xi_2=0.0).limit_mu_b > 0


def test_names_may_be_an_array():
    pair = np.array(["mu_nu_e", "mu_nu_mu"])
    assert munu.region("coherent-csi", pair) == munu.region("coherent-csi", pair.tolist())
    names = munu.likelihood("coherent-csi", pair).names
    assert names == ("mu_nu_e", "mu_nu_mu")
