"""A phase of moments that is shown, profiled or varied has no value besides, to be dropped."""

from __future__ import annotations

import pytest

import munu
from munu.base.errors import MunuError
from munu.cli import main as entry

CSI = "coherent-csi-2021"
PAIR = ("Lambda_1", "Lambda_2")
PRIORS = {"Lambda_1": "flat(0, 8e-9 mu_B)", "Lambda_2": "flat(0, 8e-9 mu_B)"}


@pytest.mark.parametrize(
    ("phase", "call"),
    [
        ("xi_1", lambda: munu.region(CSI, PAIR, profile=["xi_1"], xi_1=1.0)),
        ("xi_2", lambda: munu.region(CSI, PAIR, profile=["xi_2"], xi_2=0.0)),
        ("delta_cp", lambda: munu.region(CSI, PAIR, profile=["delta_cp"], delta_cp="1 rad")),
        ("xi_1", lambda: munu.region(CSI, ("xi_1", "Lambda_2"), profile="Lambda_1", xi_1=1.0)),
        ("delta_cp", lambda: munu.region(CSI, ("Lambda_1", "delta_cp"), delta_cp=1.0)),
        (
            "xi_1",
            lambda: munu.region(CSI, PAIR, profile="xi_1", xi_1=1.0, method="feldman-cousins"),
        ),
        ("xi_1", lambda: munu.envelope("conus-plus", vary="xi_1", xi_1=1.0)),
        ("delta_cp", lambda: munu.envelope("conus-plus", vary="delta_cp", delta_cp=1.0)),
        ("xi_1", lambda: munu.envelope("conus-plus", ("Lambda_2", "Lambda_3"), xi_1=1.0)),
        ("delta_cp", lambda: munu.envelope("conus-plus", delta_cp=1.0)),
        ("xi_1", lambda: munu.likelihood(CSI, (*PAIR, "xi_1"), xi_1=1.0)),
        ("xi_1", lambda: munu.posterior(CSI, (*PAIR, "xi_1"), prior=PRIORS, xi_1=1.0)),
        (
            "xi_1",
            lambda: munu.coverage(CSI, plane=PAIR, profile="xi_1", toys=2, seed=1, xi_1=1.0),
        ),
    ],
)
def test_a_phase_has_one_role(phase, call):
    with pytest.raises(MunuError, match=f"{phase} has two roles"):
        call()


@pytest.mark.parametrize(
    "words",
    [
        ("region", CSI, "--profile", "xi_1", "--xi-1", "1"),
        ("region", CSI, "--plane", "xi_1,Lambda_2", "--xi-1", "60 deg"),
        ("envelope", "conus-plus", "--vary", "xi_1", "--xi-1", "1"),
    ],
    ids=" ".join,
)
def test_the_command_line_says_so(words, capsys, monkeypatch):
    monkeypatch.setattr("sys.argv", ["munu", *words])
    with pytest.raises(SystemExit) as stop:
        entry.main()
    assert stop.value.code == 2
    assert "xi_1 has two roles" in " ".join(capsys.readouterr().err.split())


def test_other_phases_may_have_values():
    found = munu.region(CSI, PAIR, profile=["xi_1"], xi_2=1.0, delta_cp=2.0)
    assert found.assumptions.phases["xi_1"] == "profiled"
    assert (found.assumptions.xi_2, found.assumptions.delta_cp) == (1.0, 2.0)
