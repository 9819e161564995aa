"""What a statement about moments assumes besides its experiments: one table of options.

A further option is a field of `Assumptions` and a key of `AssumptionOptions`: the questions'
keywords, the command line's options, the JSON of results and their texts are made from these two.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Final, Literal, final

import numpy as np

from munu.base.arguments import check_name
from munu.base.calls import checked_construction
from munu.base.errors import MunuError, shown
from munu.base.frozen import FrozenMapping
from munu.base.options import checked_option, option, option_of, options_of, words_of
from munu.base.thresholds import ONE_SIDED, TWO_SIDED, side
from munu.base.typing import FloatArray
from munu.base.units import UNCERTAINTY
from munu.physics.mixing import Mixing, as_mixing, check_mixing
from munu.physics.parameters import PHASE_SYMBOLS
from munu.physics.settings import InteractionOptions, InteractionSettings

Convention = Literal["per-species", "published"]
CONVENTIONS: Final[tuple[Convention, ...]] = ("per-species", "published")
FULL_BEAM: Final = "full"
Recoils = Literal["all", "nuclear", "electron"]
RECOILS: Final[tuple[Recoils, ...]] = ("all", "nuclear", "electron")

TREATMENTS: Final = ("fixed", "profiled", "varied", "shown", "absent")
"""What a phase may be in a statement."""
ALL_FIXED: Final[Mapping[str, str]] = FrozenMapping(dict.fromkeys(PHASE_SYMBOLS, "fixed"))
NO_SIDES: Final = (
    "region",
    "envelope",
    "weak_angle",
    "likelihood",
    "posterior",
    "rate",
    "spectrum",
    "fit",
)
"""Questions whose answer is not a limit on one modulus."""
PREDICTION: Final = ("rate", "spectrum", "fit")
"""Questions about what is expected of an experiment as its file has it."""
XI_DEFAULT: Final = "  [default: 0, or profiled with the moments; a region of moments alone has 0]"


def _unsaid(value: object) -> str:
    """Return no words, as `Assumptions.text` says the mixing and the phases last."""
    return ""


def _recoils_in_words(recoils: str) -> str:
    return "" if recoils == "all" else f"moments seen by {recoils} recoils only"


def _sigma_in_words(sigma_sys: float | None) -> str:
    return f"σ_sys {'of each experiment' if sigma_sys is None else f'{sigma_sys:g}'}"


@final
@checked_construction
@dataclass(frozen=True, kw_only=True)
class Assumptions(InteractionSettings):
    """Everything a statement about moments depends on besides its experiments.

    Every question takes one (``assumptions``), or the same by keyword, which replaces what the
    former says. Results store those they were made with.

    Parameters
    ----------
    mixing : str, Mixing or None
        A named global fit, or mixing parameters, whose δ_CP is not taken: of the moments' basis, of
        mass states' fluxes and of their flavours. None takes that of the experiments' files, which
        must be one. A result has its name.
    delta_cp : float or None
        Dirac phase (rad); None in a result in which it is not fixed.
    xi_1, xi_2 : float or None
        Phases ξ₁ = ζ₃ - ζ₂ and ξ₂ = ζ₃ - ζ₁ of the moments (rad). Left out, they are profiled where
        the other moments are, and zero elsewhere: in a slice, in which they drop out and which
        takes none, and in a region of moments alone, unless it profiles them. None in a result in
        which they are not fixed.
    phases : mapping of str to str
        What each of the three phases is in a result: ``fixed`` at its value, ``profiled``
        (minimised over), ``varied`` (an envelope over it), ``shown`` (an axis) or ``absent``
        (effective moments and other couplings have no phases ξ). The question says it; it is not a
        keyword.
    beam : str
        ``prompt``, ``delayed`` or ``full``: the species that scatter with the moment. The Standard
        Model events are those of the whole beam.
    convention : {"per-species", "published"}
        How species are added (`munu.folding.counts.FoldedCounts.w_matrices`); ``published`` is
        that of Table II of arXiv:1905.03750.
    sigma_sys : float, optional
        Fractional uncertainty of the signal instead of each experiment's.
    recoils : {"all", "nuclear", "electron"}
        The recoils by which moments are seen, keyword ``channels``; ``all`` are those that the
        experiment counts. The Standard Model events are those of all recoils.
    asimov : bool
        Keyword ``expected``. Let data as the Standard Model and the backgrounds predict stand for
        those observed: the sensitivity of an experiment, whatever its data fluctuated to.
    one_sided : bool
        Let the confidence level of a limit be that of its upper end alone
        (`munu.base.thresholds`).
    values : mapping of str to float or str
        Parameters that have another value than the Standard Model's and are neither asked for nor
        profiled: numbers in the unit of their limits, or texts with a unit.
    mediator_mass, sterile_mass : str, optional
        Mass of a light mediator and of a sterile neutrino, as in ``30 MeV``.
    charges : str, optional
        Charges of a light vector mediator, as in ``nu_e=1,u=1,e=1``.
    radius_kind : {"beyond", "total"}
        Whether a charge radius is what is added to the Standard Model's, or all of it.

    Raises
    ------
    MunuError
        For a value of another type or out of range.

    Examples
    --------
    >>> given = munu.Assumptions(beam="prompt", mixing="nufit60-no")
    >>> print(given.text())
    prompt beam, per-species convention, σ_sys of each experiment; mixing nufit60-no, δ_CP, ξ₁ and
    ξ₂ 0
    >>> print(f"{munu.limit('coherent-csi', assumptions=given).limit_mu_b:.3e} mu_B")
    6.983e-09 mu_B
    """

    mixing: str | Mixing | None = field(
        default=None,
        metadata=option(
            help="Global fit of the mixing angles: desalas2018, desalas2020 or nufit60, with -no "
            "or -io for the ordering of the masses.  [default: that of the experiments' files]",
            metavar="NAME",
            words=_unsaid,
            is_later=False,
        ),
    )
    delta_cp: float | None = field(
        default=0.0,
        metadata=option(
            help="Dirac phase (rad, or with its unit).",
            kind=float,
            dimension="angle",
            metavar="ANGLE",
            words=_unsaid,
            is_later=False,
        ),
    )
    xi_1: float | None = field(
        default=None,
        metadata=option(
            help=f"Phase ζ₃ - ζ₂ of the moments (rad).{XI_DEFAULT}",
            kind=float,
            dimension="angle",
            metavar="ANGLE",
            words=_unsaid,
            is_later=False,
        ),
    )
    xi_2: float | None = field(
        default=None,
        metadata=option(
            help=f"Phase ζ₃ - ζ₁ (rad).{XI_DEFAULT}",
            kind=float,
            dimension="angle",
            metavar="ANGLE",
            words=_unsaid,
            is_later=False,
        ),
    )
    phases: Mapping[str, str] = field(default_factory=lambda: ALL_FIXED, hash=False)
    beam: str = field(
        default=FULL_BEAM,
        metadata=option(
            help="Species that scatter with the moment: those of a prompt or delayed beam, or all.",
            metavar="[prompt|delayed|full]",
            words=lambda beam: f"{beam} beam",
            restricts=True,
            is_later=False,
            left_out=PREDICTION,
        ),
    )
    convention: Convention = field(
        default="per-species",
        metadata=option(
            help="How species are added; published is that of Table II of arXiv:1905.03750.",
            choices=CONVENTIONS,
            words=lambda convention: f"{convention} convention",
            is_later=False,
            left_out=PREDICTION,
        ),
    )
    sigma_sys: float | None = field(
        default=None,
        metadata=option(
            help="Fractional uncertainty of the signal.  [default: the experiment's]",
            kind=float,
            dimension="fraction",
            allowed=UNCERTAINTY,
            metavar="X",
            words=_sigma_in_words,
            is_later=False,
            left_out=PREDICTION,
        ),
    )
    recoils: Recoils = field(
        default="all",
        metadata=option(
            help="Recoils by which moments are seen, the Standard Model having all; all are those "
            "that the experiment counts.",
            keyword="channels",
            choices=RECOILS,
            words=_recoils_in_words,
            restricts=True,
            is_later=False,
        ),
    )
    asimov: bool = field(
        default=False,
        metadata=option(
            help="Let the Standard Model's events and the backgrounds stand for the data: what the "
            "experiment is sensitive to.",
            kind=bool,
            keyword="expected",
            words=lambda asimov: "expected without moments" if asimov else "",
            restricts=True,
            left_out=PREDICTION,
        ),
    )
    one_sided: bool = field(
        default=False,
        metadata=option(
            help="Let the confidence level be that of the upper end alone: Δχ² = 1.64 at 90 %, not "
            "2.71.",
            kind=bool,
            key="sided",
            stored=FrozenMapping({False: TWO_SIDED, True: ONE_SIDED}),
            words=lambda one_sided: ONE_SIDED if one_sided else "",
            restricts=True,
            left_out=NO_SIDES,
        ),
    )

    def __post_init__(self) -> None:
        if self.phases is not ALL_FIXED:
            object.__setattr__(self, "phases", _checked_phases(self.phases))
        if self.mixing is not None and not isinstance(self.mixing, str):
            check_mixing(self.mixing)
        for one in options_of(Assumptions).values():
            value = getattr(self, one.name)
            is_free = value is None and self.phases.get(one.name, "fixed") != "fixed"
            if not (value is one.default or is_free or isinstance(value, Mixing)):
                object.__setattr__(self, one.name, checked_option(one, value))

    @property
    def sided(self) -> str:
        """``one-sided`` or ``two-sided``: what the Δχ² of a limit is the confidence level of."""
        return side(one_sided=self.one_sided)

    @property
    def neutrino_mixing(self) -> Mixing:
        """The mixing parameters with the δ_CP assumed; `MunuError` if none are stated."""
        if self.mixing is None:
            raise MunuError(
                "nothing to take the mixing from", "State the mixing, or name an experiment"
            )
        named, delta = as_mixing(self.mixing), self.delta_cp or 0.0
        return named if named.delta_cp == delta else named.with_delta(delta)

    def zeta(self) -> FloatArray:
        """Return the phases ζ₁, ζ₂, ζ₃ of the moments (rad), with ζ₃ = 0."""
        return -np.array([self.xi_2 or 0.0, self.xi_1 or 0.0, 0.0])

    def settled(self, mixing: Mixing) -> Assumptions:
        """Return what a prediction takes: a mixing, and zero for phases that are left out."""
        return replace(
            self,
            mixing=mixing.with_delta(self.delta_cp or 0.0),
            delta_cp=self.delta_cp or 0.0,
            xi_1=self.xi_1 or 0.0,
            xi_2=self.xi_2 or 0.0,
            phases=ALL_FIXED,
        )

    def stored(self, free: Mapping[str, str] = ALL_FIXED) -> Assumptions:
        """Return what a result stores: the name of the mixing, and no value of a free phase.

        Parameters
        ----------
        free : mapping of str to str
            What the phases are that do not keep their assumed values, as in ``phases``.
        """
        phases = {**ALL_FIXED, **free}

        def kept(name: str) -> float | None:
            return (getattr(self, name) or 0.0) if phases[name] == "fixed" else None

        return replace(
            self,
            mixing=self.neutrino_mixing.name,
            delta_cp=kept("delta_cp"),
            xi_1=kept("xi_1"),
            xi_2=kept("xi_2"),
            phases=phases,
        )

    def text(self) -> str:
        """Return all of them in one line."""
        words = (words_of(one, getattr(self, one.name)) for one in options_of(Assumptions).values())
        return f"{', '.join(filter(None, words))}; mixing {self._mixing()}, {self._phases()}"

    def restrictions(self) -> tuple[str, ...]:
        """Return what tells a statement from the usual one: a beam, recoils, its data, one side."""
        return tuple(
            words_of(one, getattr(self, one.name))
            for one in options_of(Assumptions).values()
            if option_of(one).restricts and getattr(self, one.name) != one.default
        )

    def _mixing(self) -> str:
        return (
            self.mixing.name if isinstance(self.mixing, Mixing) else self.mixing or "of the files"
        )

    def _phases(self) -> str:
        """Return what the phases are, as in ``δ_CP 0, ξ₁ and ξ₂ profiled``."""
        groups: dict[str, list[str]] = {}
        for name, symbol in PHASE_SYMBOLS.items():
            value, treatment = getattr(self, name), self.phases[name]
            if treatment != "absent":
                end = f"{value or 0.0:g}" if treatment == "fixed" else treatment
                groups.setdefault(end, []).append(symbol)
        listed = ((", ".join(names[:-1]), names[-1], end) for end, names in groups.items())
        return ", ".join(
            f"{first} and {last} {end}" if first else f"{last} {end}" for first, last, end in listed
        )


class AssumptionOptions(InteractionOptions, total=False):
    """The keywords of `Assumptions`, as every question takes them."""

    mixing: str | Mixing | None
    delta_cp: float | str
    xi_1: float | str | None
    xi_2: float | str | None
    beam: str
    convention: Convention
    sigma_sys: float | str | None
    channels: Recoils
    expected: bool
    one_sided: bool


def _checked_phases(phases: object) -> Mapping[str, str]:
    """Return what each phase is; raises `MunuError` if one is missing or is no such thing."""
    if not isinstance(phases, Mapping) or set(phases) != set(PHASE_SYMBOLS):
        raise MunuError(
            f"phases = {shown(phases)} does not say what {', '.join(PHASE_SYMBOLS)} are",
            f"Allowed for each: {', '.join(TREATMENTS)}",
        )
    for treatment in phases.values():
        check_name("treatment of a phase", treatment, TREATMENTS)
    return FrozenMapping(phases)
