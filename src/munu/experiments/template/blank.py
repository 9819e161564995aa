"""A new experiment file without values: placeholders that say what belongs there.

Every placeholder reads ``FILL IN, such as ...``; with the examples in their place a file is valid.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from munu.base.errors import MunuError, unknown
from munu.experiments.schema.electrons_only import OF_NUCLEI

FILL_IN: Final = "FILL IN, such as "


def _blank(example: str) -> str:
    return f'"{FILL_IN}{example}"'


SOURCES: Final[Mapping[str, str]] = {
    "reactor": f"""\
thermal_power = {_blank("3.9 GW")}
baseline = {_blank("17 m")}
fission_fractions = {_blank("typical-pwr")}
energies_per_fission = {{ value = "kopeikin2004", source = "Phys. Atom. Nucl. 67 (2004) 1892" }}
high_energy = {_blank("mueller2011")}
low_energy = {_blank("vogel-engel1989")}
endpoint = {_blank("8 MeV")}
captures_per_fission = {_blank("0.6")}""",
    "spallation": f"""\
baseline = {_blank("20 m")}
neutrinos_per_proton = {_blank("0.08")}
proton_rate = {_blank("2e23 POT/yr")}""",
    "tabulated": f"""\
species = {_blank("nu_e_bar")}
beam = {_blank("reactor")}
points = [[{_blank("1.8")}, {_blank("1e12")}], [{_blank("8")}, {_blank("1e10")}]]""",
    "chromium-51": f"""\
distance = {_blank("0.5 m")}
activity = {_blank("3 MCi")}""",
    "solar": f"""\
fluxes = {_blank("b16-gs98")}
survival = "adiabatic\"""",
    "atmospheric": "",
    "geoneutrinos": f"""\
fluxes = {_blank("gran-sasso")}""",
    "supernova-background": f"""\
flux = {_blank("86 /cm2/s")}""",
}
"""By kind of source."""

_GAUSSIAN: Final = (
    f'resolution = {{ model = "gaussian", noise = {_blank("0.05")},'
    f' stochastic = {_blank("0.01")}, proportional = {_blank("0.02")}, unit = "keVee" }}'
)
_FLAT: Final = f'efficiency = {{ model = "flat", fraction = {_blank("80 %")} }}'

DETECTORS: Final[Mapping[str, str]] = {
    "recoil": f"""\
BINS
{_FLAT}
resolution = "perfect\"""",
    "ionisation": f"""\
BINS
recoil_threshold = {_blank("0.1 keV")}
quenching = {_blank("lindhard")}
{_FLAT}
{_GAUSSIAN}""",
    "photoelectrons": f"""\
light_yield = {_blank("13 PE/keVee")}
BINS
recoil_threshold = {_blank("0.1 keV")}
quenching = {_blank("lindhard")}
{_FLAT}
resolution = "poisson\"""",
}
"""By observable; BINS is where the bins are written."""

UNITS: Final = {"recoil": "keV", "ionisation": "keVee", "photoelectrons": "PE"}

_SOFT: Final = {"recoil": (0.3, 2), "ionisation": (0.1, 0.5), "photoelectrons": (1, 8)}
_HARD: Final = {"recoil": (5, 60), "ionisation": (1, 20), "photoelectrons": (5, 60)}
_ELECTRONS: Final = {"recoil": (10, 200), "ionisation": (10, 200), "photoelectrons": (100, 400)}
WINDOWS: Final[Mapping[str, tuple[str, Mapping[str, tuple[float, float]]]]] = {
    "reactor": ("nuclear", _SOFT),
    "tabulated": ("nuclear", _SOFT),
    "spallation": ("nuclear", _HARD),
    "atmospheric": ("nuclear", _HARD),
    "supernova-background": ("nuclear", _HARD),
    "chromium-51": ("electron", _ELECTRONS),
    "solar": ("electron", _ELECTRONS),
    "geoneutrinos": ("electron", _ELECTRONS),
}
"""Recoils that each source makes, and a window in which they are, by observable."""


def _bins(low: float, high: float, unit: str) -> str:
    edges = f"[{_blank(str(low))}, {_blank(str(high))}]"
    return f'bins = {{ kind = "edges", edges = {edges}, unit = "{unit}" }}'


_COUNTS: Final = f"""\
observed = [{_blank("12")}]
sigma_signal = {_blank("10 %")}
backgrounds = [
  {{ name = "flat", events = [{_blank("9")}], sigma = {_blank("5 %")} }},
]"""

STATISTICS: Final[Mapping[str, str]] = {
    "projection": f"""\
sigma_stat = {_blank("0.2")}
sigma_sys = {_blank("0.1")}""",
    "first-run": f"""\
observed = {_blank("142")}
prompt_neutrons = {_blank("6")}
steady_state = {_blank("405")}
sigma_signal = {_blank("0.28")}
sigma_background = {_blank("0.25")}""",
    "poisson": _COUNTS,
    "gaussian": f"""{_COUNTS}
error = [{_blank("4")}]""",
    "template-fit": f"""\
observed = {_blank("395")}
error = {_blank("106")}
template = [{_blank("CHANNEL")}]
sigma_signal = {_blank("10 %")}
backgrounds = [
  {{ name = "flat", events = {_blank("1450")}, sigma = {_blank("0")} }},
]""",
    "bound": f"""\
moment = {_blank("2.8e-11 mu_B")}
cl = {_blank("0.9")}""",
}
"""By kind of statistic."""

ARRIVAL: Final = """\
# [axes.time]  # tells neutrinos of pions, of muons and what is there all the time
# kind = "arrival-time"
# edges_us = [0, 1, 2, 6]  # three bins: counts and backgrounds are three for each of the energy
# shape = { model = "gaussian-pulse", mean = "0.7 us", sigma = "0.2 us" }  # of the beam
# efficiency = { model = "flat", fraction = 1 }"""
"""An axis to begin with, for a beam that is pulsed."""
IN_BINS: Final = ("poisson", "gaussian")
"""Statistics of counts in bins, which may have axes beside the energy."""

INTERACTION: Final = f"""\
[interaction]
channels = [{_blank("CHANNEL")}]
form_factor = {_blank("symmetrised-fermi")}
sin2_theta_w = {{ value = 0.2312, source = "Particle Data Group 2018" }}
radiative = true
mixing = {_blank("nufit60-no")}"""


def _without_nuclei(section: str) -> str:
    """Return the lines of a section without the keys of nuclear recoils."""
    keys = tuple(f"{key} =" for of_section in OF_NUCLEI.values() for key in of_section)
    return "\n".join(line for line in section.splitlines() if not line.startswith(keys))


def blank_text(identifier: str, source: str, material: str, observable: str, statistic: str) -> str:
    """Return a file with placeholders.

    Parameters
    ----------
    identifier : str
    source, observable, statistic : str
        Keys of `SOURCES`, `DETECTORS` and `STATISTICS`.
    material : str
        What recoils; a placeholder if it is empty.

    Raises
    ------
    MunuError
        For an unknown kind, observable or statistic, or a material that TOML could not hold.
    """
    for kind, name, allowed in (
        ("source", source, SOURCES),
        ("observable", observable, DETECTORS),
        ("statistic", statistic, STATISTICS),
    ):
        if name not in allowed:
            raise unknown(kind, name, allowed)
    if '"' in material or "\\" in material or not material.isprintable():
        raise MunuError(f"'{material}' is not a material", "Write Ge, CsI, CaWO4, Ge-76 or 2Ge:1Si")
    head = (
        f'format = 1\nid = "{identifier}"\ntitle = {_blank("One kilogram of germanium")}\n'
        f"reference = {_blank('this work')}"
    )
    flux = f'[source]\nkind = "{source}"\n{SOURCES[source]}'.rstrip()
    counts = f'[statistic]\nkind = "{statistic}"\n{STATISTICS[statistic]}'
    if statistic == "bound":
        mixing = f"[interaction]\nmixing = {_blank('nufit60-no')}"
        return "\n\n".join((head, flux, mixing, counts)) + "\n"
    channel, windows = WINDOWS[source]
    bins = _bins(*windows[observable], UNITS[observable])
    target = f'"{material}"' if material else _blank("Ge")
    detector = DETECTORS[observable].replace("BINS", bins)
    interaction, counts = (text.replace("CHANNEL", channel) for text in (INTERACTION, counts))
    if channel == "electron":
        known = (_blank(channel), f'"{channel}"')
        interaction, counts = (text.replace(*known) for text in (interaction, counts))
        detector, interaction = (_without_nuclei(one) for one in (detector, interaction))
    sections = (
        head,
        flux,
        f"[target]\nmaterial = {target}\nmass = {_blank('1 kg')}",
        f"[exposure]\nlive_time = {_blank('1 yr')}",
        f'[detector]\nobservable = "{observable}"\n{detector}',
        *([ARRIVAL] if source == "spallation" and statistic in IN_BINS else []),
        interaction,
        counts,
    )
    return "\n\n".join(sections) + "\n"
