"""Files that state only what differs from an experiment of the catalogue."""

import pytest

import munu
from munu.analysis.checks.mistakes import mistakes
from munu.base.errors import MunuError
from munu.experiments.load import load, loads
from munu.experiments.overlaps import check_overlaps
from munu.experiments.template.write import template_text

HEADER = 'format = 1\nid = "mine"\ntitle = "mine"\nreference = "me"\n'
MASS = HEADER + 'like = "conus"\n[target]\nmass = "7.7 kg"\n'


def test_what_is_not_stated_is_that_of_the_other():
    mine, conus = loads(MASS), load("conus")
    assert mine.mass_kg == 2 * conus.mass_kg
    twice = munu.rate(conus).sm_events * 2
    assert munu.rate(mine).sm_events == pytest.approx(twice, rel=1e-12)
    assert "What the file does not state is that of conus." in mine.identity.notes
    sources = {entry.key: entry.source for entry in mine.identity.provenance}
    assert sources["target.mass"] == ""
    assert sources["target.material"] == "arXiv:1905.03750, Table I"


def test_a_setup_of_the_other_and_setups_of_its_own():
    future = loads(HEADER + 'like = "conus@future"\n')
    assert future.mass_kg == load("conus", setup="future").mass_kg
    text = MASS + '[setup.current]\n[setup.large.target]\nmass = "1 ton"\n'
    assert loads(text, setup="current").mass_kg == 7.7
    assert loads(text, setup="large").mass_kg == 1000


def test_another_model_replaces_the_table_as_a_whole():
    text = MASS + '[detector.quenching]\nmodel = "constant"\nfactor = 0.2\n'
    assert munu.rate(loads(text)).sm_events != munu.rate(loads(MASS)).sm_events
    message = r"\[detector.quenching\] lacks 'factor'"
    with pytest.raises(MunuError, match=message):
        loads(text.replace("factor = 0.2\n", ""))


def test_a_file_with_all_sections_takes_nothing():
    whole = template_text("mine", "coherent-lar")
    without = loads(whole.replace('like = "coherent-lar"\n', ""), setup="current")
    assert loads(whole, setup="current").inputs_hash == without.inputs_hash
    with pytest.raises(MunuError, match="lacks 'live_time'"):
        loads(whole.replace("live_time =", "# live_time ="), setup="current")


def test_observed_events_of_the_other_are_the_same_events():
    text = HEADER + 'like = "coherent-csi-2021"\n[target]\nmass = "20 kg"\n'
    mine = loads(text)
    assert mine.identity.same_events == ("coherent-csi-2021",)
    with pytest.raises(MunuError, match="coherent-csi-2021"):
        check_overlaps([mine, load("coherent-csi-2021")])
    assert loads(MASS).identity.same_events == ()


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('"conus"', '"connus"', r"line 5: like: unknown experiment 'connus'. Did you mean 'conus'"),
        (
            '"conus"',
            '"conus@futre"',
            r"line 5: like: unknown setup 'futre' .*Did you mean 'future'",
        ),
        ('"conus"', "3", r"line 5: like: unknown experiment '3'"),
        ("mass", "mas", r"line 7: unknown key 'mas' in \[target\]. Did you mean 'mass'"),
        ('"7.7 kg"', '"-7 kg"', r"line 7: target.mass"),
    ],
)
def test_bad_input(tmp_path, old, new, message):
    text = MASS.replace(old, new, 1)
    with pytest.raises(MunuError, match=message):
        loads(text, name="mine.toml")
    path = tmp_path / "mine.toml"
    path.write_text(text, encoding="utf-8")
    (found,) = mistakes(path)
    assert str(found).startswith(str(path))


def test_validate_takes_such_a_file(tmp_path):
    path = tmp_path / "mine.toml"
    path.write_text(MASS, encoding="utf-8")
    assert mistakes(path) == ()


@pytest.mark.parametrize(
    ("other", "keys", "absent"),
    [
        (
            "conus",
            '[detector]\nbins = { kind = "edges", edges = [0.3, 0.5, 0.9], unit = "keVee" }\n',
            "detector.threshold",
        ),
        (
            "xenonnt-sr0-er",
            "[detector]\nthreshold = '2 keVee'\n"
            '[statistic]\nkind = "projection"\nsigma_stat = 0.1\nsigma_sys = 0.1\n',
            "detector.bins.kind",
        ),
        ("coherent-ge", "[source]\nprotons = '1e23 POT'\n", "source.proton_rate"),
    ],
)
def test_another_way_to_say_it_takes_the_place_of_the_other_s(other, keys, absent):
    head = 'format = 1\nid = "mine"\ntitle = "mine"\nreference = "me"\n'
    written = {entry.key for entry in munu.load(other).identity.provenance}
    assert absent in written
    mine = munu.loads(f'{head}like = "{other}"\n{keys}')
    assert absent not in {entry.key for entry in mine.identity.provenance}


SPLIT = 'error_up = [3, 3]\nerror_down = [4, 4]\ntreatment = "split"\n'
COVARIANCE = "covariance = [[9, 1], [1, 9]]\n"


@pytest.mark.parametrize(
    ("section", "base", "above"),
    [
        ("statistic", SPLIT, "error = [3, 3]"),
        ("statistic", SPLIT, COVARIANCE),
        ("statistic", COVARIANCE, SPLIT),
        ("statistic", "error = [3, 3]\ncomponents = [[1, 2]]\n", SPLIT),
        ("source", 'file = "f.csv"\ncolumn = "b"\nx = "e"\n', "points = [[1, 2], [9, 3]]"),
        ("source", "lines = [[9, 3]]\n", 'file = "f.csv"\ncolumns = { nu_e = "a", nu_mu = "b" }'),
    ],
)
def test_a_setup_says_it_in_another_way(tmp_path, section, base, above):
    """What it replaces is gone with all that belongs to it."""
    (tmp_path / "f.csv").write_text("e,a,b\n1,2,3\n9,3,4\n", encoding="utf-8")
    parts = {
        "source": 'species = "nu_e"\npoints = [[1, 2], [9, 3]]\n',
        "statistic": "error = [3, 3]\n",
    } | {section: base if section == "statistic" else f'species = "nu_e"\n{base}'}
    text = (
        'format = 1\nid = "mine"\ntitle = "mine"\nreference = "me"\nlike = "conus"\n'
        f'[source]\nkind = "tabulated"\nbeam = "b"\n{parts["source"]}'
        '[detector]\nbins = { kind = "edges", edges = [0.1, 0.2, 0.4], unit = "keVee" }\n'
        '[statistic]\nkind = "gaussian"\nobserved = [9, 5]\nsigma_signal = 0.1\n'
        f"{parts['statistic']}[setup.usual]\n[setup.other.{section}]\n{above}\n"
    )
    assert munu.loads(text, setup="usual", folder=tmp_path)
    other = munu.loads(text, setup="other", folder=tmp_path).identity.provenance
    stated = {entry.key for entry in other}
    keys, others = (
        {f"{section}.{line.partition(' ')[0]}" for line in one.splitlines()}
        for one in (base, above)
    )
    assert keys - others
    assert not stated & (keys - others)


def test_a_projection_of_mine_is_in_no_table_of_the_paper():
    text = 'format = 1\nid = "own"\ntitle = "Mine"\nreference = "mine"\nlike = "conus"\n'
    own = munu.limit(munu.loads(text + '[target]\nmass = "10 kg"\n')).origin.notes
    assert "The projection has sigma_sys = 0.2 in Eq. (34) of arXiv:1905.03750." in own
    assert not any("Table II" in note for note in own)
    assert any("Table II" in note for note in munu.limit("conus").origin.notes)
