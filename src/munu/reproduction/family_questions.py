"""What `munu reproduce family` asks of today's data: limits, planes and curves, as tables."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, final

CSI: Final = ("coherent-csi-2021",)
LAR: Final = ("coherent-lar-2020",)
DRESDEN: Final = ("dresden-ii",)
CONUS: Final = ("conus-plus",)
CONUS_ELECTRONS: Final = ("conus-plus@electrons",)
XENONNT: Final = ("xenonnt-sr0-er",)
SETS: Final[dict[str, tuple[str, ...]]] = {
    "CsI": CSI,
    "LAr": LAR,
    "Dresden-II": DRESDEN,
    "CONUS+": CONUS,
    "CONUS+, electrons": CONUS_ELECTRONS,
    "XENONnT": XENONNT,
    "reactors": (*DRESDEN, *CONUS),
    "all": (*CSI, *LAR, *DRESDEN, *CONUS, *XENONNT),
}
"""Data sets alone, then combined; Borexino's file is a bound on a moment and holds no events."""


@final
@dataclass(frozen=True)
class Asked:
    """A parameter that every set of data is asked for.

    Parameters
    ----------
    table : str
        Title of its table.
    parameter : str
    mediator_mass, sterile_mass : str, optional
    """

    table: str
    parameter: str
    mediator_mass: str | None = None
    sterile_mass: str | None = None

    @property
    def mass(self) -> str:
        """Whichever is stated; empty for none."""
        return self.mediator_mass or self.sterile_mass or ""


def _asked() -> Iterator[Asked]:
    for entry in ("ee", "mumu", "emu", "common"):
        yield Asked("Charge radii beyond the Standard Model", f"charge_radius_{entry}")
    for entry in ("ee", "mumu", "common"):
        yield Asked("Millicharges", f"millicharge_{entry}")
    for quark in ("u", "d"):
        for entry in ("ee", "mumu", "emu"):
            yield Asked(
                f"Non-standard interactions with {quark} quarks", f"epsilon_{quark}_{entry}"
            )
    for entry in ("ee", "mumu"):
        for chirality in ("L", "R"):
            table = "Non-standard interactions with electrons"
            yield Asked(table, f"epsilon_e{chirality}_{entry}")
    for entry in ("ee", "mumu", "tautau"):
        yield Asked("Dirac moments", f"dirac_{entry}")
    for flavour, masses in (("e", ("0.1 MeV", "5 MeV")), ("mu", ("0.1 MeV", "20 MeV"))):
        for mass in masses:
            table = "Moments to a sterile neutrino"
            yield Asked(table, f"mu_N_{flavour}", sterile_mass=mass)
    for name, table in (
        ("g_universal", "Universal vector mediator"),
        ("g_b-l", "Vector mediator of B-L"),
        ("g_lmu-ltau", "Vector mediator of L_μ-L_τ"),
        ("g_scalar", "Scalar mediator"),
    ):
        for mass in ("0.1 MeV", "100 MeV"):
            yield Asked(table, name, mediator_mass=mass)
    for name in ("g_axial", "g_pseudoscalar", "g_tensor"):
        yield Asked("Mediators on electrons alone", name, mediator_mass="0.1 MeV")


ASKED: Final = tuple(_asked())


@final
@dataclass(frozen=True)
class FamilyPlane:
    """A region of a picture: label, experiments and the two parameters."""

    label: str
    members: tuple[str, ...]
    plane: tuple[str, str]

    @property
    def title(self) -> str:
        """What it is of."""
        return f"region of {' and '.join(self.plane)}"


RADII: Final = ("charge_radius_ee", "charge_radius_mumu")
QUARKS: Final = ("epsilon_u_ee", "epsilon_d_ee")
CHARGES: Final = ("millicharge_ee", "millicharge_mumu")
PLANES: Final = (
    FamilyPlane("XENONnT", XENONNT, RADII),
    FamilyPlane("CsI", CSI, RADII),
    FamilyPlane("CsI and CONUS+", (*CSI, *CONUS), RADII),
    FamilyPlane("CsI", CSI, QUARKS),
    FamilyPlane("Dresden-II", DRESDEN, QUARKS),
    FamilyPlane("CONUS+", CONUS, QUARKS),
    FamilyPlane("CsI and CONUS+", (*CSI, *CONUS), QUARKS),
    FamilyPlane("CsI", CSI, CHARGES),
    FamilyPlane("XENONnT", XENONNT, CHARGES),
)


@final
@dataclass(frozen=True)
class FamilyCurve:
    """A curve of a picture: label, experiments, parameter, and masses from which it is refined.

    The last may lie beyond what the source makes, where the curve ends.
    """

    label: str
    members: tuple[str, ...]
    parameter: str
    over: str
    first: str
    last: str
    points: int

    @property
    def title(self) -> str:
        """What it is of."""
        return f"{self.parameter} over {self.over}"


def _curves() -> Iterator[FamilyCurve]:
    both = {"CsI": CSI, "Dresden-II": DRESDEN, "CONUS+, electrons": CONUS_ELECTRONS}
    seen = {**both, "XENONnT": XENONNT}
    for name in ("g_universal", "g_b-l", "g_lmu-ltau", "g_scalar"):
        for label, members in seen.items():
            if name != "g_lmu-ltau" or label in ("CsI", "XENONnT"):
                # a scalar does not interfere: its curves neither split nor exclude zero
                points = 15 if name == "g_scalar" else 29
                yield FamilyCurve(label, members, name, "mediator_mass", "1 keV", "10 GeV", points)
    reach = {"CsI": "53 MeV", "Dresden-II": "10 MeV", "CONUS+, electrons": "10 MeV"}
    for name in ("mu_N_e", "mu_N_mu"):
        for label, members in seen.items():
            if name == "mu_N_e" or label in ("CsI", "XENONnT"):
                last = reach.get(label, "2 MeV")
                yield FamilyCurve(label, members, name, "sterile_mass", "10 keV", last, 14)


CURVES: Final = tuple(_curves())
