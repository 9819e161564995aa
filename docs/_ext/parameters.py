"""The reference of parameters, read off the registry of interactions."""

import math

import munu
from munu.physics.interactions.registry import INTERACTIONS, interaction_of
from munu.physics.parameters import PHASES

ASSUMED = munu.Assumptions(
    mixing="nufit60-no", mediator_mass="10 MeV", sterile_mass="1 MeV", charges="nu=1,u=1,e=1"
)
VALUES = {
    "real": "either sign",
    "magnitude": "not negative",
    "modulus": "modulus, with a phase",
    "squared": "not negative; x = g²",
}
RECOILS = {"nuclear": "nuclei", "electron": "electrons"}
NEEDED = ("mediator_mass", "sterile_mass", "charges")
"""Assumptions without which a parameter has no amplitude; others have a default."""
PIPE = r"\|"


def reference():
    """Return the reference as Markdown: a table for each family, the phases of mixing at last."""
    families = {}
    for one in (one for interaction in INTERACTIONS for one in interaction.parameters):
        mediator = "mediator_mass" in settings(one)
        families.setdefault("light mediators" if mediator else one.family, []).append(one)
    lines = [line for family in families.items() for line in family_text(*family)]
    lines += [
        "## Phases of mixing and moments",
        "",
        "| name | symbol | what it is |",
        "|---|---|---|",
    ]
    rows = [row((f"`{one.name}`", one.symbol, one.about)) for one in PHASES]
    return "\n".join([*lines, *rows, ""])


def family_text(family, members):
    """Return the heading, the facts and the table of one family."""
    first = members[0]
    facts = [f"In {first.unit.text}" if first.unit.text else "Pure numbers"]
    verbs = {name: "need" if name in NEEDED else "take" for name in settings(first)}
    facts += [f"{verb} {flag(name)}" for name, verb in verbs.items()]
    lines = [f"## {family[0].upper()}{family[1:]}", "", f"{'; '.join(facts)}.", ""]
    lines += ["| name | symbol | values | acts on | what it is |", "|---|---|---|---|---|"]
    return [*lines, *(parameter_row(one, settings(first)) for one in members), ""]


def parameter_row(one, said):
    """Return the row of a parameter; what the heading has said is left out."""
    more = [flag(name) for name in settings(one) if name not in said]
    about = f"{one.about} ({', '.join(more)})" if more else one.about
    return row((f"`{one.name}`", one.symbol, values(one), acts_on(one), about))


def row(cells):
    return f"| {' | '.join(cell.replace('|', PIPE) for cell in cells)} |"


def flag(name):
    """Return the option of an assumption."""
    return f"`--{name.replace('_', '-')}`"


def settings(parameter):
    """Return the assumptions that a parameter uses."""
    return interaction_of(parameter.name).settings


def values(one):
    """Return in words which values a parameter may have."""
    return VALUES[one.kind] if math.isinf(one.high) else f"{one.low:g} to {one.high:g}"


def acts_on(parameter):
    """Return what recoils by a parameter, read off its amplitudes."""
    standard = munu.load("coherent-csi").standard_model
    found = interaction_of(parameter.name).amplitudes(parameter, standard, ASSUMED)
    structures = [term.structure for amplitude in found for term in amplitude]
    kernels = [k for s in structures for kernels in s.times(s).values() for k in kernels]
    recoils = {kernel.recoil for kernel in kernels}
    return ", ".join(word for recoil, word in RECOILS.items() if recoil in recoils)
