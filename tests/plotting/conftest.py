"""Results of every kind that has a picture."""

from pathlib import Path

import pytest

import munu

FILES = Path(__file__).parents[1] / "results" / "files_0_1_0"
PLANE = ("epsilon_u_ee", "mu_nu_e")
POINTS = [(0.0, 0.0), (0.1, 2e-10)]


@pytest.fixture(scope="session")
def results():
    """Return one result of each kind, by its kind."""
    return {
        "region": munu.region("conus"),
        "profile": munu.profile("conus"),
        "envelope": munu.envelope("connie"),
        "spectrum": munu.spectrum("conus"),
        "rate": munu.rate("texono", with_spectrum=True),
        "weak-angle": munu.weak_angle("conus-plus"),
        "coupling-region": munu.region("conus-plus", ("sin2_theta_w", "mu_eff")),
        "coupling-profile": munu.profile("conus-plus", "sin2_theta_w"),
        "scan": munu.scan("conus", "Lambda_3", over="target.mass", at=["1 kg", "4 kg"]),
        "coupling-coverage": munu.coverage("conus-plus", "epsilon_u_ee", at=[0.0, 0.1], toys=3),
        "plane-coverage": munu.coverage("conus-plus", plane=PLANE, at=POINTS, toys=3),
        "cls-limit": munu.limit("conus-plus", "mu_nu_e", method="cls"),
        "feldman-cousins": munu.limit("coherent-csi", method="feldman-cousins", precision=0.2),
        "coupling-envelope": munu.envelope("xenonnt-sr0-er", ("epsilon_eL_ee", "epsilon_eL_emu")),
        "fit": munu.fit("conus-plus", toys=0),
        "coverage": munu.read_json(FILES / "coverage.json"),
        "posterior": munu.read_json(FILES.parent / "posterior.json"),
        "feldman-cousins-region": munu.read_json(FILES.parent / "feldman-cousins-region.json"),
    }
