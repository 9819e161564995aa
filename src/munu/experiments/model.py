"""An experiment as frozen data: what `munu.folding.fold.fold` takes."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, TypeAlias, final

from munu.base.constants import SECONDS_PER_DAY
from munu.base.digests import WORDS, digest, own_digest
from munu.base.errors import MunuError, unknown
from munu.base.frozen import freeze
from munu.experiments.display import Displayed
from munu.experiments.identity import Identity
from munu.physics.atomic_corrections import STEPPING, AtomicModel
from munu.physics.centres import ElectronCentre, RecoilKind, ScatteringCentre
from munu.physics.couplings import WeakCouplings
from munu.physics.electron_couplings import ElectronCouplings
from munu.physics.form_factors import FormFactor
from munu.physics.interactions.base import StandardModel
from munu.physics.mixing import Mixing
from munu.physics.nuclear_model import NuclearModel
from munu.physics.nuclei import Nucleus, Target
from munu.sources.base import BeamComponent, Source
from munu.sources.several import each
from munu.sources.solar import SolarSource
from munu.statistics.specification import Bound, StatisticSpecification

if TYPE_CHECKING:
    from munu.detectors.axes import Axis
    from munu.detectors.detector import Detector


@final
@dataclass(frozen=True)
class Measurement:
    """What turns recoils into bins: the detector, and the axes beside its energy.

    Parameters
    ----------
    detector : Detector
    axes : tuple of Axis
    flux_factors : tuple of (str, float)
        What multiplies the fluxes of beams, as a variant does; those not named stay.
    """

    detector: Detector
    axes: tuple[Axis, ...] = ()
    flux_factors: tuple[tuple[str, float], ...] = ()

    def flux_factor(self, beam: str) -> float:
        """Return what multiplies the flux of a beam."""
        return dict(self.flux_factors).get(beam, 1.0)


@final
@dataclass(frozen=True)
class Variant:
    """One shape uncertainty: the measurement one standard deviation below and above.

    Parameters
    ----------
    name : str
        Name of the nuisance; equal names in two experiments are one nuisance.
    minus, plus : Measurement
    """

    name: str
    minus: Measurement
    plus: Measurement


@final
@dataclass(frozen=True)
class FurtherTarget:
    """A target beside the first one, with its own response, whose recoils count in the same bins.

    Parameters
    ----------
    target : Target
        Composition.
    mass_kg : float
    detector : Detector
        The response to its recoils.
    varied : tuple of (Detector, Detector)
        The same one standard deviation below and above, of each variant of the experiment.
    """

    target: Target
    mass_kg: float
    detector: Detector
    varied: tuple[tuple[Detector, Detector], ...] = ()


@final
@dataclass(frozen=True, repr=False, eq=False)
class CountingExperiment(Displayed):
    """A detector that counts recoils in bins; nothing in it can be changed, arrays neither.

    Parameters
    ----------
    identity : Identity
    source : Source
        Beam components with fluxes at the detector.
    target : Target
        Composition.
    mass_kg, live_time_s : float
        Target mass and live time.
    detector : Detector
    form_factor : FormFactor
    couplings : WeakCouplings
        Those of the quarks.
    statistic : StatisticSpecification
    mixing : Mixing
        That of the file: of mass states' fluxes and flavours, unless a statement takes another.
    recoils : tuple
        ``nuclear`` (coherent scattering), ``electron``, or both.
    electron_couplings : ElectronCouplings
    axes : tuple of Axis
        Observables beside the detector's energy.
    variants : tuple of Variant
        Shape uncertainties of the signal.
    nuclear_model : NuclearModel
        Neutron radii, spins, and moments on nuclei without spin.
    atomic : {"stepping", "rrpa"}
        Correction of the weak scattering on electrons, `munu.physics.atomic_corrections`.
    further_targets : tuple of FurtherTarget
        Targets beside ``target``, whose events add to its own bin by bin.
    has_rates : bool
        Whether mass and live time are the unit of rates, which stand for the counts.
    """

    identity: Identity
    source: Source
    target: Target
    mass_kg: float
    live_time_s: float
    detector: Detector
    form_factor: FormFactor
    couplings: WeakCouplings
    statistic: StatisticSpecification
    mixing: Mixing
    recoils: tuple[RecoilKind, ...] = field(default=("nuclear",))
    electron_couplings: ElectronCouplings = field(default_factory=ElectronCouplings)
    axes: tuple[Axis, ...] = ()
    variants: tuple[Variant, ...] = ()
    nuclear_model: NuclearModel = field(default_factory=NuclearModel)
    atomic: AtomicModel = STEPPING
    further_targets: tuple[FurtherTarget, ...] = ()
    has_rates: bool = field(default=False, metadata=WORDS)

    def __post_init__(self) -> None:
        freeze(self)

    @cached_property
    def _own_digest(self) -> str | None:
        return own_digest(self)

    @property
    def inputs_hash(self) -> str:
        """SHA-256 of all that makes the numbers, of the content as it is: not of words on it."""
        return self._own_digest or digest(self)

    def measurement(self) -> Measurement:
        """Return the nominal detector and axes."""
        return Measurement(self.detector, self.axes)

    def parts(self) -> tuple[CountingExperiment, ...]:
        """Return an experiment for each target, the first one's first; their events add up."""
        if not self.further_targets:
            return (self,)
        further = (
            replace(
                self,
                target=one.target,
                mass_kg=one.mass_kg,
                detector=one.detector,
                variants=tuple(
                    replace(
                        variant,
                        minus=replace(variant.minus, detector=minus),
                        plus=replace(variant.plus, detector=plus),
                    )
                    for variant, (minus, plus) in zip(self.variants, one.varied, strict=True)
                ),
                further_targets=(),
            )
            for one in self.further_targets
        )
        return (replace(self, further_targets=()), *further)

    def nuclei(self) -> tuple[Nucleus, ...]:
        """Return the isotopes of all targets, each once."""
        targets = (self.target, *(one.target for one in self.further_targets))
        return tuple(dict.fromkeys(n for target in targets for n, _ in target.fractions))

    @property
    def total_mass_kg(self) -> float:
        """Mass of all targets together."""
        return self.mass_kg + sum(one.mass_kg for one in self.further_targets)

    @property
    def unit_of_rates(self) -> str:
        """Mass and time that events are given for, as in ``3 kg and 1 d``; empty for counts."""
        time = f"{self.live_time_s / SECONDS_PER_DAY:g} d"
        return f"{self.total_mass_kg:g} kg and {time}" if self.has_rates else ""

    @property
    def exposure_kg_s(self) -> float:
        """Mass times live time (kg s), of the first target."""
        return self.mass_kg * self.live_time_s

    @property
    def standard_model(self) -> StandardModel:
        """The couplings of the file."""
        return StandardModel(self.couplings, self.electron_couplings, self.recoils)

    @property
    def corrects_atoms(self) -> bool:
        """Whether scattering on electrons has an atomic correction."""
        return "electron" in self.recoils and self.atomic != STEPPING

    def centres(self) -> tuple[tuple[ScatteringCentre, float], ...]:
        """Return the scattering centres of the first target with their numbers per kg."""
        centres: list[tuple[ScatteringCentre, float]] = []
        if "nuclear" in self.recoils:
            for nucleus, number in self.target.nuclei_per_kg():
                centres.append((self.nuclear_model.centre(nucleus, self.form_factor), number))
        if "electron" in self.recoils:
            atoms: defaultdict[str, float] = defaultdict(float)
            for nucleus, number in self.target.nuclei_per_kg():
                atoms[nucleus.symbol] += number
            for symbol, number in atoms.items():
                centres.append((ElectronCentre(symbol, atomic=self.atomic), number))
        return tuple(centres)


@final
@dataclass(frozen=True, repr=False, eq=False)
class MomentBound(Displayed):
    r"""A published bound on the effective moment of a source, such as Borexino's.

    Parameters
    ----------
    identity : Identity
    source : Source
        The fluxes of its components weigh their moments:
        :math:`\mu^2 = \sum_s w_s\Lambda^\dagger M_s\Lambda`.
    statistic : Bound
    mixing : Mixing
    beams : tuple of str
        The beams of the source whose moment is bounded; empty for all.
    counting : CountingExperiment, optional
        The detector behind the bound, for its events; the bound does not depend on it.

    Raises
    ------
    MunuError
        If the source has no such beam, or they have no flux.
    """

    identity: Identity
    source: Source
    statistic: Bound
    mixing: Mixing
    beams: tuple[str, ...] = ()
    counting: CountingExperiment | None = None

    def __post_init__(self) -> None:
        freeze(self)
        names = dict.fromkeys(component.beam for component in self.source.components(self.mixing))
        for beam in self.beams:
            if beam not in names:
                raise unknown("beam", beam, names, where="the source")
        if not any(c.spectrum.total_flux_per_cm2_s > 0 for c in self.components(self.mixing)):
            raise MunuError(
                f"the flux that the bound of '{self.identity.name}' is about is zero",
                "Give the source a flux, or name other beams",
            )

    @property
    def inputs_hash(self) -> str:
        """As that of a `CountingExperiment`."""
        return digest(self)

    def components(self, mixing: Mixing) -> tuple[BeamComponent, ...]:
        """Return the components of the source that the bound is about."""
        components = self.source.components(mixing)
        return tuple(c for c in components if not self.beams or c.beam in self.beams)


Experiment: TypeAlias = CountingExperiment | MomentBound


def stated_survival(experiment: Experiment) -> float | None:
    """Return the constant P_e1 of solar neutrinos that a file states; None if they convert."""
    for _, source in each(experiment.source):
        if isinstance(source, SolarSource) and not isinstance(source.survival, str):
            return source.survival
    return None


def counting_part(experiment: Experiment) -> CountingExperiment | None:
    """Return what counts events: the experiment, or the detector behind a bound if there is one."""
    return experiment.counting if isinstance(experiment, MomentBound) else experiment
