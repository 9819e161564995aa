"""The comments of a new experiment file: every option of the format, section by section."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

HEADER: Final = """\
An experiment for munu. Check it with `munu validate FILE` and `munu check FILE`; every command
takes this file where it takes the name of an experiment.

A value is written plainly,            mass = "1 kg"
or with its origin,                    mass = { value = "1 kg", source = "paper, table", note = "" }
`source` and `note` may also stand in a table; `note` and `notes` are printed with every result.
Quantities carry their unit in the text. Nothing has a silent default: keys marked (optional) may
be left out, and then the thing they describe is absent, or what stands beside the mark. Unknown
keys are errors.

label = "CONUS+" beside `title` (optional; the id without it) is a short name for legends.
same_events = ["coherent-csi-2021"] beside `reference` (optional) names experiments whose data hold
some of the events of this one: they are never combined.
include = "common.toml" or ["a.toml", "b.toml"] (optional) takes sections of files beside this one;
what stands here lies above them, and a file above the one before it.
A table of pairs is a file, with a line of column names or without, or written out:
  file = "table.csv", column = "y" (optional; of more than two columns) and x = "energy" (optional;
  the column of x, the first without it), each "2" by its number where none is named, or
  points = [[x, y], ...]; x increases; interpolation = "log" (optional; "linear" without it) takes
  the logarithm of y between rows, for what falls or rises exponentially."""

SECTIONS: Final[Mapping[str, str]] = {
    "source": """\
The neutrino source, by `kind`:
  "reactor"      thermal_power ("3.9 GW", "1 MW"), baseline ("17 m"),
                 fission_fractions: a set ("typical-pwr", "baldoncini2015-leu", "juno2015",
                   "dresden-ii", "leibstadt", "connie", "triga") or
                   { U235 = , U238 = , Pu239 = , Pu241 = },
                 energies_per_fission: "kopeikin2004", "ma2013" or "202.4 MeV" for each isotope,
                 high_energy, from 2 MeV: "mueller2011", "huber2011", "estienne2019",
                   "kopeikin2012", "daya-bay2025" (measured, up to 9.5 MeV), or your own per
                   fission, { U235 = "u235.csv", U238 = , Pu239 = , Pu241 = } (energy in MeV,
                   antineutrinos per MeV; or { file = , column = , interpolation = } each),
                 low_energy, below 2 MeV: "kopeikin2012", "vogel-engel1989", "estienne2019",
                   "constant", "continued" (the model above, below it too), "none",
                 endpoint ("8 MeV"), captures_per_fission (0 with kopeikin2012, else about 0.6),
                 total_flux (optional, "4.8e13 /cm2/s"): scales the spectrum to it, whatever
                   power and baseline give; a quoted flux counts captures as a rule
  "spallation"   baseline, neutrinos_per_proton (of each flavour), and either
                 protons ("1.76e23 POT", of the whole live time) or proton_rate ("2e23 POT/yr") or
                 beam_power ("1.4 MW") with beam_energy ("1 GeV", of a proton)
  "tabulated"    species ("nu_e", "nu_mu_bar", ..., or mass states "nu_1", ...): the helicity state,
                 beam (a label), and a table: file = "flux.csv" beside this file (energy in MeV,
                 flux in /cm2/s/MeV) or points = [[energy, flux], ...], each with
                 interpolation (optional; "linear" without it), "linear" or "log";
                 lines = [[energy, flux in /cm2/s], ...] (optional, or instead of a table);
                 energy_unit (optional; "MeV" without it) of the table, "eV", "keV", "MeV", "GeV",
                 flux_unit (optional; "/cm2/s/MeV" without it), with cm2 or m2 and eV, keV, MeV or
                 GeV; "/cm2/MeV" is what arrives in the live time, "/cm2/0.2 MeV" in such bins;
                 of several species instead of species,
                 columns = { nu_e = "NAME", nu_mu_bar = "NAME" } of the file
  "chromium-51"  distance, and either activity ("1.5 MCi", averaged over the live time) or
                 activity_at_start ("3 MCi", which decays with a half-life of 27.7 d)
  "solar"        fluxes ("b16-gs98", "b16-agss09met", "bergstrom2016", or numbers by nuclide),
                 nuclides (optional, such as ["7Be"]), survival ("adiabatic", or a number: P_e1 of
                 two flavours, Eq. 37 of arXiv:1905.03750);
                 each flux is a beam of its own ("pp", "7Be", ...)
  "atmospheric"  no parameters
  "geoneutrinos" fluxes ("gran-sasso", or numbers in /cm2/s for U, Th, K)
  "supernova-background"  flux ("86 /cm2/s", of all species)
Several sources are tables [[source]], one each; beams of one name and species are numbered,
"reactor 1", "reactor 2". live_time ("120 d", optional; that of the exposure without it) is the part
of it in which a source was on; protons and activities are then those of its own time.""",
    "target": """\
What recoils.
  material     "Ge", "CsI", "CaWO4", "2Ge:1Si" (by number), an isotope "Ge-76" or "76Ge", one in a
               compound, "130TeO2" or "133Cs127I", or { Ge = 2, Si = 1 }; H to Bi
  mass         "3.85 kg", "1 ton" (1000 kg), "50 g"
  enrichment   (optional) isotopic fractions by number, such as { "Ge-76" = 0.9, "Ge-74" = 0.1 }
  isotopes     (optional) isotopes of one's own, each as [target.isotopes.Ge-68] with protons,
               atomic_mass ("67.928 u"), spin, charge_radius ("4.05 fm"), source, and abundance
               (optional): those of an element with abundances make it up, a new one or a known;
               without, it takes the place of the known one or is used by its name
Several targets whose recoils count in the same bins are tables [[target]], one each; quenching,
efficiency, resolution, response, light_yield and recoil_threshold in one (optional) take the place
of the detector's for its recoils.""",
    "exposure": """\
  live_time    "1 yr" (365.25 days), "308.1 days", "12 h"
  rates        (optional) true where mass and live time are the unit of rates in place of counts""",
    "detector": """\
What is measured, by `observable`, in its unit:
  "recoil"          keV; quenching must not be given
  "ionisation"      keVee = Q(T) T; "100 eVee" or, as papers print it, "100 eV"
  "photoelectrons"  PE = light_yield Q(T) T, light_yield in "13.35 PE/keVee": that of
                    electrons, where these count
unit of bins, efficiency, resolution and events is that, or "eV" for keV and "eVee" for keVee.
Where counting starts: `threshold`, with `upper` (optional), for one bin; or `bins`:
  { kind = "edges", edges = [0.1, 0.2, 0.5], unit = "keVee" }
  { kind = "uniform", start = 6, stop = 30, count = 12, unit = "PE" }
  { kind = "table", file = "counts.csv", unit = "PE" }; low (optional; "energy_low" without it)
    and high (optional; "energy_high" without it) name its columns of edges
recoil_threshold    (optional) true recoil energy below which nothing is seen, "0.2 keV"; needed
                    with a resolution, as the dipole rate grows as 1/T. It cuts recoils of nuclei
                    and of electrons, which are not quenched and are seen from far lower energies
efficiency, by `model`; `unit` is that of the observable, "keV", "keVee" or "PE":
  "flat"       fraction ("50 %" or 0.5)
  "steps"      steps = [[x, efficiency], ...]: from each x on, 0 before the first; unit
  "logistic"   plateau / (1 + exp(-slope (x - midpoint))) + offset (optional; 0 without it),
               unit, and
               steps = [[x, factor], ...] (optional): the factor from each x on, 0 before the first
  "table"      file = "efficiency.csv" or points = [[x, efficiency], ...], unit,
               interpolation (optional; "linear" without it), "linear" or "log"
resolution, by `model`:
  "perfect"
  "gaussian"   noise, stochastic, proportional, unit: sigma^2 = noise^2 + stochastic^2 x
               + (proportional x)^2; combination (optional; "quadrature" without it): with
               "linear" sigma = noise + stochastic sqrt(x) + proportional x; renormalised
               (optional): true to scale the part above zero to one, so that no event is lost
               below zero
  "table"      file = "resolution.csv" or points = [[x, sigma], ...], unit; a Gaussian;
               relative (optional): true for sigma/x in the place of sigma;
               interpolation (optional; "linear" without it), "linear" or "log"
  "poisson"    photoelectrons only: their number n; the efficiency is taken at n + 1/2
  "gamma"      photoelectrons only, beta_per_keVee
quenching Q(T) of nuclear recoils (not needed where electrons alone recoil), by `model`:
  "none"       Q = 1
  "lindhard"   kappa (optional; 0.133 Z^(2/3) A^(-1/2) without it)
  "constant"   factor
  "linear"     intercept, slope_per_kev, valid_from, valid_to (optional)
  "polynomial" coefficients_per_kev_power = [c0, c1, ...], valid_from, valid_to (optional)
  "table"      file = "quenching.csv" (T in keV, Q) or points = [[T, Q], ...],
               interpolation (optional; "linear" without it), "linear" or "log"
A model without parameters may be written as its name, resolution = "perfect".
Or all of them at once, with `bins`: response = { model = "matrix", file = "response.csv" }, rows
  of recoil energy and the probability of each bin, whose sum is the efficiency; further keys:
  unit (optional; "keV" without it) of the energies, "eV", "keV" or "MeV"
  energies (optional)   the name of their column, the first without it
  columns or prefix (optional)   names of the bins' columns, or PREFIX0, PREFIX1, ...; without
             them all others
  interpolation (optional; "linear" without it), "linear" or "log"
  electrons (optional) = { file = "electrons.csv" }: that of electrons where nuclei recoil too
  axes (optional) = { S1 = { edges = [0, 1, 2], unit = "PE" } }: further observables that the bins
             have, the observable of the detector slowest and then in this order""",
    "axes": """\
(optional) Observables beside the energy, as [axes.NAME]; bins are flattened with the energy
slowest and then in the order written here. By `kind`:
  "arrival-time"  edges_us = [0, 0.5, 1], and
                  shape, by `model`:
                    "gaussian-pulse"    mean, sigma ("0.44 us") of the beam pulse
                    "tabulated-pulse"   file with columns time_low_us, time_high_us, intensity
                    "tabulated-prompt"  the same of prompt neutrinos, pion decays included
                    "tabulated-arrival" file with columns time_low_us, time_high_us and one for
                                        each of beams = ["prompt", "delayed"]
                  and, but for the last, delay (optional; "0 us" without it) of all of it
                  efficiency, by `model`: "flat" (fraction), or
                    "falling" (start, rate_per_us): 1, then exp(-rate_per_us (t - start))
  "pulse-shape"   edges, file, energies (the column of the energy),
                  prefix: columns PREFIX_0, PREFIX_1, ... hold the share of each bin. An
                  energy bin takes the shares at its centre, and may hold one row at most
A file is beside this one, or "munu:NAME" for a table of the package.""",
    "variants": """\
(optional) Shape uncertainties of the signal, as [variants.NAME]: what differs one standard
deviation below (`minus`) and above (`plus`; one may be left out), each a table of
quenching, efficiency, resolution, response (of the detector) or axes, written as above, or
fluxes = { 7Be = 1.06 }, factors of the fluxes of beams. Of several targets it varies those that do
not state what varies, or with target = 2 (optional) the second.""",
    "interaction": """\
  channels      ["nuclear"], ["electron"] or both
  form_factor   of nuclei (not needed where electrons alone recoil):
                "symmetrised-fermi", with half_density_radius (optional; 1.23 A^(1/3) - 0.60 fm
                  without it) and diffuseness (optional; "0.52 fm" without it), both of Eq. (23) of
                  arXiv:1905.03750,
                { model = "helm", radius = "charge-radius" or "lewin-smith",
                  skin_thickness = "0.9 fm" },
                { model = "klein-nystrand", radius_parameter = "1.23 fm", yukawa_range = "0.7 fm" },
                "unity"
  neutron_radius  (optional) rms radius of the neutrons' form factor by isotope, such as
                { Cs133 = "5.09 fm", I127 = "5.03 fm" }; its surface is that of form_factor, which
                is then that of protons (and spins). Isotopes without one have a single form factor
  neutron_skin  (optional) "0.2 fm": the neutrons' radius of all other isotopes, less the measured
                charge radius
  spin_term     (optional; "unpaired" without it) what the axial charge counts: "unpaired" nucleons,
                one each (Eq. 20 of arXiv:1905.03750); "nuclear-structure", the spins of protons and
                neutrons as nuclear models have them; "none"
  nucleon_spins (optional) spins of one's own with "nuclear-structure", for isotopes without
                tabulated ones or instead of those: { W183 = [<S_p>, <S_n>] }
  moment_on_spin0  (optional) true to add T/4E^2 to 1/T - 1/E for moments on nuclei without spin
  atomic        (optional; "stepping" without it) electrons of an atom: "stepping", as many as the
                energy frees; "rrpa", xenon's weak scattering corrected by the random phase
                approximation (arXiv:1610.04177), in bins from 0.25 to 30 keV; moments are not
  sin2_theta_w  weak mixing angle, MS-bar at the Z mass; at tree level what you take for it
  radiative     true for the radiative corrections of the quarks' couplings (Eq. 21 of
                arXiv:1905.03750) and the electron's (Phys. Rev. D 51 (1995) 6146), or false for
                tree level
  flavour_dependent (optional) true for quarks' couplings with the charge radius of each flavour,
                as the literature has them since 2020 (J. Erler and S. Su, Prog. Part. Nucl. Phys.
                71 (2013) 119), instead of Eq. (21), which is that of nu_mu; needs radiative = true
  mixing        "desalas2018-no", "desalas2018-io", "desalas2020-no", "desalas2020-io",
                "nufit60-no", "nufit60-io" """,
    "statistic": """\
How counts become a limit, by `kind`; uncertainties are fractions (0.1 or "10 %"):
  "projection"  Eq. (34) of arXiv:1905.03750: sigma_stat, sigma_sys
  "first-run"   Eq. (33): observed, prompt_neutrons, steady_state, sigma_signal, sigma_background
  "poisson"     observed: counts per bin, or "sm" for the Standard Model and the backgrounds;
                sigma_signal; backgrounds (optional), an array of
                { name = "neutrons", events = [1, 2] or one number for each bin, sigma = 0.25,
                  total (optional) = 120: events are scaled to it (and shapes), or left out, and
                  spread = "widths" (of the bins) or "bins" (equal) says how it is divided,
                  shapes (optional) = { "neutron-energy" = { minus = [...], plus = [...] } } };
                off_beam (optional) = { counts = [3, 4], ratio = 1 }: the steady background,
                measured with `ratio` times the exposure. Counts may be a column of a table:
                { file = "counts.csv", column = "observed" }; observed may be a list of events,
                { events = "events.csv", column = "energy" }, counted here; with further axes
                columns = { ionisation = "energy", time = "t" }; unit (optional) as of the bins;
                all of it may stand in events = { file = "events.csv", columns = { ... } };
                unbinned = true (optional) is the likelihood of the single events, not of bins
  "gaussian"    as "poisson" without off_beam; counts and backgrounds may be negative. Errors
                (optional, else the variance is that of the counts): variance or error (its root)
                per bin; covariance = [[...], ...] between bins, or { file = "covariance.csv" },
                alone or with these on its diagonal; components = [[...], ...], or a file with a
                column each, of a covariance sum v v^T beside these; or error_up and error_down,
                with treatment: "split" takes the error of the side that the prediction is on,
                "variable-width" the variance up down + (up - down) r with r the prediction minus
                the count
  "template-fit"  the published number of events is the amplitude of a fit of the signal's shape in
                the bins of the detector: observed (that number, or "sm"), error, sigma_signal,
                template: the recoils whose Standard Model events were fitted, ["nuclear"],
                backgrounds (optional): what the fit had beside them, as above, with sigma = 0 if
                it was known and 10 if its height was fitted too. Events of another shape count as
                such a fit sees them
  control_regions  (optional, "poisson" and "gaussian") bins without signal, by name, such as
                { reactor-off = { bins = "signal" or a table as in the detector,
                  observed = counts per bin, or "backgrounds" for a projection,
                  variance or error ("gaussian", optional), backgrounds = [...] as above } }.
                Backgrounds named alike share their normalisation, here and in the bins of the
                signal, and shapes named alike are one; a name of its own keeps a background apart
  interpolation (optional; "quadratic" without it), of "poisson" and "gaussian": events between the
                sides of a shape or variant follow the parabola, "quadratic", or the polynomial of
                sixth degree of HistFactory (code 4p, pyhf), "polynomial", within one standard
                deviation; beyond, both go on along straight lines. "saturating" is the parabola
                that levels off from 1.5 standard deviations on, at the events of two: for sides so
                far apart that a straight line soon leaves no events
  "bound"       a published bound on the effective moment: moment ("2.8e-11 mu_B"), cl (0.9),
                beams (optional): the parts of the source that it is about, such as ["7Be"]; all
                of it without. sides: "one-sided", or "two-sided" as without it. Such a file has
                the sections source, interaction (mixing alone) and statistic, or all of them:
                then `munu rate` counts the detector's events, and the limits are those of the
                bound all the same
  shared        (optional) parts of the signal's uncertainty that other experiments share, by name,
                such as { "flux:sns" = 0.10 }; they matter in combinations""",
    "setup": """\
Variants of the experiment: each [setup.NAME] holds what differs from the sections above, and may
have `notes`. A table with another kind, model or observable replaces the one above as a whole.
`current` is taken unless another is named, as in FILE@future.""",
}
