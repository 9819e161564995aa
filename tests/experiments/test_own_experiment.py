"""A user's own experiment: every kind of source, detector and statistic, and table files."""

import numpy as np
import pytest
from scipy import stats

from munu.base.errors import MunuError
from munu.experiments.load import load, loads
from munu.experiments.model import CountingExperiment
from munu.experiments.template.write import template_text
from munu.folding.fold import fold, recoil_spectrum
from munu.sources.background import AtmosphericSource, GeoneutrinoSource, SupernovaBackgroundSource
from munu.sources.tabulated import CHROMIUM_51_HALF_LIFE_DAYS, chromium51, mean_activity

SOURCES = {
    "spallation": 'kind = "spallation"\nbaseline = "20 m"\nneutrinos_per_proton = 0.08\n'
    'proton_rate = "2e23 POT/yr"',
    "tabulated": 'kind = "tabulated"\nspecies = "nu_mu_bar"\nbeam = "mine"\n'
    "points = [[0, 0], [10, 1e7], [50, 0]]\nlines = [[30, 1e6]]",
    "lines": 'kind = "tabulated"\nspecies = "nu_2"\nbeam = "mine"\nlines = [[30, 1e6]]',
    "atmospheric": 'kind = "atmospheric"',
}
DETECTORS = {
    "recoil": 'observable = "recoil"\nthreshold = "1 keV"\nresolution = "perfect"',
    "smeared": 'observable = "recoil"\nthreshold = "1 keV"\nrecoil_threshold = "0.2 keV"\n'
    'resolution = { model = "gaussian", noise = 0.1, stochastic = 0, proportional = 0.05,'
    ' unit = "keV" }',
    "ionisation": 'observable = "ionisation"\nthreshold = "200 eVee"\nresolution = "perfect"\n'
    'quenching = { model = "linear", intercept = 0.15, slope_per_kev = 0.002,'
    ' valid_from = "0 keV" }',
    "photoelectrons": 'observable = "photoelectrons"\nlight_yield = "13 PE/keVee"\n'
    'bins = { kind = "uniform", start = 4, stop = 40, count = 6, unit = "PE" }\n'
    'recoil_threshold = "1 keV"\nresolution = "poisson"\n'
    'quenching = { model = "constant", factor = 0.09 }',
    "gamma": 'observable = "photoelectrons"\nlight_yield = "13 PE/keVee"\n'
    'recoil_threshold = "1 keV"\nthreshold = "4 PE"\nupper = "40 PE"\n'
    'resolution = { model = "gamma", beta_per_keVee = 10 }\n'
    'quenching = { model = "polynomial", coefficients_per_kev_power = [0.05, 0.001],'
    ' valid_from = "0 keV", valid_to = "100 keV" }',
}
FORM_FACTORS = (
    '"unity"',
    '{ model = "helm", radius = "charge-radius", skin_thickness = "0.9 fm" }',
    '{ model = "klein-nystrand", radius_parameter = "1.23 fm", yukawa_range = "0.7 fm" }',
    '{ model = "symmetrised-fermi", diffuseness = "0.5 fm" }',
)
PROJECTION = 'kind = "projection"\nsigma_stat = 0.1\nsigma_sys = 0.1'


def text_of(
    *,
    source=SOURCES["spallation"],
    detector=DETECTORS["recoil"],
    efficiency='{ model = "flat", fraction = 1 }',
    form_factor='"unity"',
    statistic=PROJECTION,
    target='material = "Ge"\nmass = "10 kg"',
    channels='["nuclear"]',
):
    return f"""format = 1
id = "mine"
title = "mine"
reference = "none"
[source]
{source}
[target]
{target}
[exposure]
live_time = "1 yr"
[detector]
{detector}
efficiency = {efficiency}
[interaction]
channels = {channels}
form_factor = {form_factor}
sin2_theta_w = 0.2312
radiative = false
mixing = "nufit60-no"
[statistic]
{statistic}
"""


def counts(**parts):
    return fold(loads(text_of(**parts))).sm_total()


@pytest.mark.parametrize("source", SOURCES)
@pytest.mark.parametrize("detector", DETECTORS)
def test_every_source_meets_every_detector(source, detector):
    events = counts(source=SOURCES[source], detector=DETECTORS[detector])
    assert np.all(events > 0)


@pytest.mark.parametrize("form_factor", FORM_FACTORS)
def test_form_factors_take_their_lengths(form_factor):
    ratio = counts(form_factor=form_factor) / counts()
    assert 0.7 < ratio <= 1


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ('kind = "chromium-51"\nactivity = "3 MCi"\ndistance = "2 m"',
         chromium51(activity_mci=3, distance_m=2)),
        ('kind = "geoneutrinos"\nfluxes = "gran-sasso"', GeoneutrinoSource(fluxes="gran-sasso")),
        ('kind = "supernova-background"\nflux = "86 /cm2/s"',
         SupernovaBackgroundSource(flux_per_cm2_s=86)),
        ('kind = "atmospheric"', AtmosphericSource()),
    ],
)  # fmt: skip
def test_low_energy_sources_are_the_package_s_own(source, expected):
    built = loads(text_of(source=source)).source
    assert type(built) is type(expected)
    for ours, theirs in zip(built.components(), expected.components(), strict=True):
        assert ours.spectrum.total_flux_per_cm2_s == theirs.spectrum.total_flux_per_cm2_s


def test_a_chromium_source_decays_during_the_live_time():
    start = 'kind = "chromium-51"\nactivity_at_start = "3 MCi"\ndistance = "2 m"'
    built = loads(text_of(source=start))
    assert isinstance(built, CountingExperiment)
    days = built.live_time_s / 86400
    mean = mean_activity(3.0, half_life_days=CHROMIUM_51_HALF_LIFE_DAYS, live_time_days=days)
    expected = chromium51(activity_mci=mean, distance_m=2)
    assert mean < 3
    assert built.source.components()[0].spectrum.total_flux_per_cm2_s == pytest.approx(
        expected.components()[0].spectrum.total_flux_per_cm2_s
    )
    with pytest.raises(MunuError, match="either 'activity'"):
        loads(text_of(source=start + '\nactivity = "1 MCi"'))


@pytest.mark.parametrize(
    ("source", "remedy"),
    [
        (
            'kind = "chromium-51"\nactivity_at_start = "3 MCi"\ndistance = "2 m"',
            "State 'activity'",
        ),
        (
            'kind = "spallation"\nbaseline = "20 m"\nneutrinos_per_proton = 0.1\n'
            'protons = "1e23 POT"',
            "State 'proton_rate'",
        ),
        ('kind = "solar"\nfluxes = "b16-gs98"\nsurvival = 0.5\nlive_time = "9 d"', "Leave it out"),
        (
            'kind = "tabulated"\nspecies = "nu_e"\nbeam = "b"\npoints = [[1, 2], [3, 4]]\n'
            'flux_unit = "/cm2/MeV"',
            "the flux per second",
        ),
    ],
)
def test_a_bound_has_no_live_time(source, remedy):
    """What says it without one is named, for each key."""
    text = f"""
format = 1
id = "bound"
title = "A bound"
reference = "none"
[source]
{source}
[interaction]
mixing = "nufit60-no"
[statistic]
kind = "bound"
moment = "3e-11 mu_B"
cl = 0.9
"""
    with pytest.raises(MunuError, match=f"a bound without a detector has none. .*{remedy}"):
        loads(text)


def test_enriched_and_mixed_targets():
    pure = 'material = "Ge-76"\nmass = "10 kg"'
    enriched = 'material = "Ge"\nmass = "10000 g"\nenrichment = { "Ge-76" = 1 }'
    assert counts(target=pure) == pytest.approx(counts(target=enriched), rel=1e-12)
    mixed = 'material = "2Ge:1Si"\nmass = "10 kg"'
    table = 'material = { Ge = 2, Si = 1 }\nmass = "10 kg"'
    assert counts(target=mixed) == pytest.approx(counts(target=table), rel=1e-12)


def test_bins_add_up_to_the_window():
    edges = 'bins = { kind = "edges", edges = [1, 2, 5, 60], unit = "keV" }'
    split = counts(detector=DETECTORS["recoil"].replace('threshold = "1 keV"', edges))
    whole = counts(detector=DETECTORS["recoil"] + '\nupper = "60 keV"')
    assert split.shape == (3,)
    assert split.sum() == pytest.approx(whole[0], rel=1e-9)


def test_an_efficiency_table_is_its_curve():
    points = "[[0, 0.25], [1000, 0.25]]"
    table = f'{{ model = "table", points = {points}, unit = "keV" }}'
    assert counts(efficiency=table) == pytest.approx(0.25 * counts(), rel=1e-9)


def test_observed_counts_and_backgrounds():
    bins = DETECTORS["photoelectrons"]
    statistic = (
        'kind = "poisson"\nobserved = [9, 8, 7, 6, 5, 4]\nsigma_signal = "10 %"\n'
        'backgrounds = [{ name = "flat", events = 2, sigma = 0.1 },\n'
        '  { name = "shape", events = [1, 2, 3, 4, 5, 6], sigma = 0 }]\n'
        'shared = { "flux:sns" = 0.1 }'
    )
    built = loads(text_of(detector=bins, statistic=statistic)).statistic
    assert built.observed.tolist() == [9, 8, 7, 6, 5, 4]
    assert [b.events.tolist() for b in built.backgrounds] == [[2] * 6, [1, 2, 3, 4, 5, 6]]
    assert built.sigma_signal == 0.1
    assert dict(built.shared) == {"flux:sns": 0.1}
    asimov = statistic.replace("[9, 8, 7, 6, 5, 4]", '"sm"').replace("poisson", "gaussian")
    assert loads(text_of(detector=bins, statistic=asimov)).statistic.observed is None


@pytest.mark.parametrize(
    ("parts", "words"),
    [
        ({"statistic": 'kind = "poisson"\nobserved = [1, 2]\nsigma_signal = 0'},
         ["observed has 2 counts for 1 bins"]),
        ({"statistic": 'kind = "poisson"\nobserved = "x"\nsigma_signal = 0'}, ["observed"]),
        ({"statistic": 'kind = "gaussian"\nobserved = [1]\nvariance = [0]\nsigma_signal = 0'},
         ["variance"]),
        ({"statistic": 'kind = "poisson"\nobserved = [1]\nsigma_signal = 0\nbackgrounds ='
                       ' [{ name = "a", events = [1, 2], sigma = 0 }]'}, ["'a' has 2 counts"]),
        ({"statistic": 'kind = "poisson"\nobserved = [1]\nsigma_signal = 0\nbackgrounds ='
                       ' [{ name = "a", event = 1, sigma = 0 }]'}, ["'event'", "'events'"]),
        ({"detector": DETECTORS["smeared"].replace('recoil_threshold = "0.2 keV"\n', "")},
         ["smeared", "recoil_threshold"]),
        ({"detector": DETECTORS["recoil"] + '\nquenching = "lindhard"'}, ["'quenching'"]),
        ({"detector": DETECTORS["recoil"].replace("1 keV", "1 keVee")}, ["ionisation energy"]),
        ({"detector": DETECTORS["recoil"].replace('"perfect"', '"poisson"')}, ["'poisson'"]),
        ({"detector": DETECTORS["recoil"].replace('threshold = "1 keV"', "")},
         ["either 'threshold' or 'bins'"]),
        ({"detector": DETECTORS["photoelectrons"].replace("start = 4", "start = 400")},
         ["increase"]),
        ({"target": 'material = "Ge"\nmass = "1 kg"\nenrichment = { "Ge-76" = 0.5 }'},
         ["add up to 0.5"]),
        ({"target": 'material = "Ge"\nmass = "1 kg"\nenrichment = { "Si-28" = 1 }'}, ["Si"]),
        ({"source": SOURCES["tabulated"].replace("nu_mu_bar", "nu_m")}, ["'nu_m'", "nu_mu"]),
        ({"source": SOURCES["tabulated"].replace("[10, 1e7]", "[10, -1]")},
         ["points, row 2: -1", "from 0"]),
        ({"source": SOURCES["spallation"] + '\nprotons = "1e23 POT"'}, ["either 'protons'"]),
        ({"efficiency": '{ model = "table", points = [[0, 2], [1, 1]], unit = "keV" }'},
         ["points, row 1: 2 is out of range", "from 0 up to 1"]),
        ({"efficiency": '{ model = "table", unit = "keV" }'}, ["either 'file' or 'points'"]),
    ],
)  # fmt: skip
def test_impossible_experiments_are_refused(parts, words):
    with pytest.raises(MunuError) as caught:
        loads(text_of(**parts), name="my.toml")
    assert str(caught.value).startswith("my.toml, line")
    assert all(word in str(caught.value) for word in words)


def with_table(folder, file, content="0, 0\n10, 1e7\n# comment\n50 0\n"):
    (folder / "flux.csv").write_text(content)
    source = f'kind = "tabulated"\nspecies = "nu_e"\nbeam = "mine"\nfile = {file!r}'
    path = folder / "my.toml"
    path.write_text(text_of(source=source))
    return path


def test_a_table_beside_the_file_is_an_input(tmp_path):
    path = with_table(tmp_path, "flux.csv")
    first = load(path)
    assert first.source.energies_mev.tolist() == [0, 10, 50]
    with_table(tmp_path, "flux.csv", "0 0\n10 2e7\n50 0\n")
    second = load(path)
    assert second.inputs_hash != first.inputs_hash
    assert fold(second).sm_total() == pytest.approx(2 * fold(first).sm_total(), rel=1e-12)


@pytest.mark.parametrize("file", ["../outside.csv", "folder/../../outside.csv", "link.csv"])
def test_a_table_cannot_leave_the_folder(tmp_path, file):
    (tmp_path / "outside.csv").write_text("0 0\n10 1e7\n50 0\n")
    inside = tmp_path / "inside"
    (inside / "folder").mkdir(parents=True)
    (inside / "link.csv").symlink_to(tmp_path / "outside.csv")
    path = with_table(inside, file)
    with pytest.raises(MunuError, match="outside the experiment file's folder"):
        load(path)
    assert load(with_table(inside, str(tmp_path / "outside.csv"))).mass_kg == 10


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("0 0\n1 x\n", "line 2"),
        ("0 0\n1 nan\n", "line 2"),
        ("0 0 0\n1 1 1\n", "line 1"),
        ("0 0\n", "1 rows"),
        ("1 1\n0 1\n", "line 2: 0 comes after 1"),
    ],
)
def test_a_bad_table_is_refused(tmp_path, content, words):
    with pytest.raises(MunuError, match=words):
        load(with_table(tmp_path, "flux.csv", content))


def test_a_missing_table_and_a_text_without_folder(tmp_path):
    with pytest.raises(MunuError, match=r"cannot read the table none\.csv"):
        load(with_table(tmp_path, "none.csv"))
    with pytest.raises(MunuError, match="absolute path"):
        loads(with_table(tmp_path, "flux.csv").read_text())


def test_a_file_is_data():
    """Nothing that looks like code, a variable or an address is acted on."""
    for text in ("${HOME}", "__import__('os').getcwd()", "https://example.org/a.csv", "~/a.csv"):
        source = f'kind = "tabulated"\nspecies = "nu_e"\nbeam = "mine"\nfile = "{text}"'
        with pytest.raises(MunuError, match="table"):
            loads(text_of(source=source))
    assert loads(template_text("$(id)", "conus")).identity.id == "-id-"


@pytest.mark.parametrize("noise", [1e-4, 1e-6, 1e-12])
def test_a_resolution_too_narrow_to_integrate_is_refused(noise):
    detector = DETECTORS["smeared"]
    resolution = next(line for line in detector.splitlines() if line.startswith("resolution"))
    narrow = (
        f'resolution = {{ model = "gaussian", noise = {noise}, stochastic = 0, proportional = 0,'
        ' unit = "keV" }'
    )
    with pytest.raises(MunuError, match='resolution = "perfect"'):
        counts(detector=detector.replace(resolution, narrow))


def test_a_table_may_start_with_a_byte_order_mark(tmp_path):
    path = with_table(tmp_path, "flux.csv", content="\ufeff0, 0\n10, 1e7\n50 0\n")
    assert load(path).identity.id == "mine"


def test_a_width_may_be_written_as_a_linear_sum():
    """σ = b √T + c T, integrated with SciPy's normal distribution over the recoil spectrum."""
    linear = (
        'resolution = { model = "gaussian", combination = "linear", noise = 0, stochastic = 0.3,'
        ' proportional = 0.05, unit = "keV" }'
    )
    detector = DETECTORS["smeared"]
    resolution = next(line for line in detector.splitlines() if line.startswith("resolution"))
    experiment = loads(text_of(detector=detector.replace(resolution, linear)))
    recoil = np.geomspace(0.2, 80, 20_000)
    spectrum = recoil_spectrum(experiment, recoil).sm_per_kg_kev_day.sum(axis=0)
    kept = stats.norm.sf(1.0, recoil, 0.3 * np.sqrt(recoil) + 0.05 * recoil)
    expected = np.trapezoid(spectrum * kept, recoil) * 10 * 365.25
    assert fold(experiment).sm_total()[0] == pytest.approx(expected, rel=1e-4)
    with pytest.raises(MunuError, match="linear"):
        loads(text_of(detector=detector.replace(resolution, linear.replace('linear"', 'line"'))))
