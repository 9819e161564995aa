"""Every mistake in an experiment file: one line with file, line, key and the way out."""

import os
from importlib.resources import files

import pytest

import munu
from munu.base.errors import MunuError
from munu.experiments.keys import keys_of
from munu.experiments.load import load, loads, setups


def catalogue_text(name):
    return files("munu.experiments").joinpath(f"catalogue/{name}.toml").read_text(encoding="utf-8")


def refusal(text, setup="current", **options):
    with pytest.raises(MunuError) as caught:
        loads(text, name="my.toml", setup=setup, **options)
    message = str(caught.value)
    assert message.startswith("my.toml")
    assert "\n" not in message
    return message


MISTAKES = [
    ("conus", "mass = {", "mas = {", "unknown key 'mas' in [target]", "'mass'"),
    ("conus", '"3.85 kg"', '"-3 kg"', "target.mass", "from 1e-06 kg"),
    ("conus", '"3.85 kg"', '"3.85 m"', "unit of length", "kg, g, mg"),
    ("conus", '"3.85 kg"', "3.85", "target.mass", "no unit"),
    ("conus", '"3.85 kg"', "true", "target.mass", "kg, g, mg"),
    ("conus", '"3.85 kg"', "{ value = 3 }", "target.mass", "value is a table"),
    ("conus", '{ value = "3.85 kg"', '{ valu = "3.85 kg"', "target.mass", "no 'value'"),
    ("conus", '"3.85 kg", source', '"3.85 kg", sourze', "'sourze'", "'source'"),
    ("conus", '"3.85 kg"', '"3.85 kg', "not valid TOML", "line"),
    ("conus", "\nendpoint", '\ntotal_flux = "4.8e13"\nendpoint', "source.total_flux", "/cm2/s"),
    ("conus", "\nendpoint", '\ntotal_flux = "0 /cm2/s"\nendpoint', "source.total_flux", "from"),
    ("dresden-ii", "noise = 0.0685", "renormalised = 1\nnoise = 0.0685", "renormalised", "true"),
    ("conus", '"1 yr"', "nan", "exposure.live_time", "yr"),
    ("conus", '"lindhard"', '"lindhart"', "'lindhart'", "'lindhard'"),
    ("conus", 'model = "lindhard", ', "", "lacks 'model'", "lindhard"),
    ("conus", 'model = "lindhard"', "model = 3", "unknown model '3'", "lindhard"),
    ("conus", 'model = "lindhard"', "model = [1]", "model", "lindhard"),
    ("conus", '"typical-pwr"', '"typical-pwd"', "'typical-pwd'", "'typical-pwr'"),
    ("conus", '"mueller2011"', '"muller2011"', "'muller2011'", "'mueller2011'"),
    ("conus", "efficiency = {", "eficiency = {", "'eficiency' in [detector]", "'efficiency'"),
    ("conus", "\nefficiency = {", "\n# {", "lacks 'efficiency'", "Add efficiency"),
    ("conus", '"50 %"', '"150 %"', "detector.efficiency.fraction", "up to 1"),
    ("conus", '"50 %"', '"0 %"', "detector.efficiency.fraction", "from 1e-12"),
    ("conus", '"100 eVee"', '"100 ev"', "'ev'", "eVee"),
    ("conus", '"100 eVee"', '"0 eV"', "starts at 0", "recoil_threshold"),
    ("conus", "[detector]", "[detektor]", "'detektor'", "'detector'"),
    ("conus", '"reactor"', '"reaktor"', "'reaktor'", "'reactor'"),
    (
        "nucleus",
        "[statistic]",
        '[statistic]\ninterpolation = "quadratic"',
        "statistic.interpolation: events are interpolated",
        "Leave it out",
    ),
    ("conus", "format = 1", "format = 2", "format = 2", "Allowed: 1"),
    ("conus", "format = 1", "", "lacks 'format'", "format = 1"),
    ("conus", 'id = "conus"', "id = 3", "'id'", "id = "),
    ("conus", '"Ge"', '"Gee"', "'Gee'", "CsI"),
    ("conus", '"Ge"', '"Xx"', "'Xx'", "'Xe'"),
    ("conus", "[setup.current]", "[setup.current]\nmass = 1", "'mass'", "target"),
    ("conus", "[setup.current]", "[setup]\ncurrent = 1", "setup.current", "[setup.current]"),
    ("conus", "notes = [", "notes = [ 3,", "notes", "array of texts"),
    ("conus", '["nuclear"]', '["nucler"]', "interaction.channels", "nuclear"),
    ("conus", '["nuclear"]', '["nuclear", "nuclear"]', "channel twice", "once"),
    ("conus", '["nuclear"]', "[]", "interaction.channels", "at least 1"),
    ("conus", "value = true", 'value = "yes"', "interaction.radiative", "true or false"),
    ("conus", "0.2312", "2.312", "interaction.sin2_theta_w", "from 0 up to 1"),
    ("conus", '"desalas2018-no"', '"desalas"', "'desalas'", "desalas2018-no"),
    ("conus", '"projection"', "3", "unknown kind '3'", "projection"),
    ("conus", 'value = 0, source = "Phys', 'value = 0.6, source = "Phys', "captures", "0"),
    ("coherent-csi", "midpoint = 10.8507", 'midpoint = "x"', "efficiency.midpoint", "number"),
    ("coherent-csi", "[[5, 0.5], [6, 1]]", "[[6, 1], [5, 0.5]]", "start at 6, 5", "increasing"),
    ("coherent-csi", "[6, 1]", "[6]", "steps[2]", "at least 2"),
    ("coherent-csi", 'unit = "PE"', 'unit = "pe"', "unit = 'pe' is not", "Did you mean 'PE'?"),
    ("coherent-csi", 'unit = "PE"', 'unit = "keV"', "in keV", 'unit = "PE"'),
    ("coherent-csi", '"quenching:CsI" = 0.25', '"quenching:CsI" = 0.3', "exceed", "squares"),
    ("coherent-csi", '"30 PE"', '"3 PE"', "not above the threshold", "upper > threshold"),
    ("coherent-csi", "value = 142", "value = -142", "statistic.observed", "from 0"),
    ("coherent-csi", '"first-run"', '"first"', "'first'", "'first-run'"),
    ("coherent-csi", '"5 keV"', '"0 keV"', "smeared", "recoil_threshold"),
    ("coherent-csi", "protons = {", "proton_rat = {", "'proton_rat'", "'proton_rate'"),
    ("coherent-csi", '"1.76e23 POT"', '"1.76e23"', "no unit", "POT"),
    ("conus", '"17 m"', '"1e300 m"', "source.baseline", "from 0.001 m up to 1e+12 m"),
    ("conus", '"17 m"', '"1e-300 m"', "source.baseline", "from 0.001 m up to 1e+12 m"),
    ("conus", '"3.9 GW"', '"1e-300 GW"', "source.thermal_power", "up to 1000 GW"),
    ("conus", '"3.85 kg"', '"1e300 kg"', "target.mass", "up to 1e+12 kg"),
    ("conus", '"1 yr"', '"1e300 yr"', "exposure.live_time", "from 1 s up to"),
    ("conus", '"Ge"', "{ Ge = 1e308, Si = 1e308 }", "target.material.Ge", "up to 1e+06"),
    ("conus", '"100 eVee"', '"1e-300 eVee"', "starts at 0", "1e-09 keV"),
    ("conus", "value = 0.2,", "value = 1e160,", "statistic.sigma_stat", "from 0 up to 10"),
    (
        "conus",
        "sigma_sys = { value = 0.2,",
        "sigma_sys = { value = 1e200,",
        "statistic.sigma_sys",
        "from 0 up to 10",
    ),
    ("borexino", "value = 0.90", "value = 1", "statistic.cl", "up to 0.999999999999"),
    ("borexino", '"2.8e-11 mu_B"', "2.8e-11", "statistic.moment", "mu_B"),
    ("borexino", '["7Be"]', '["7B"]', "'7B'", "'7Be'"),
]


@pytest.mark.parametrize(("name", "old", "new", "problem", "remedy"), MISTAKES)
def test_a_mistake_is_named_with_its_remedy(name, old, new, problem, remedy):
    text = catalogue_text(name)
    assert old in text
    message = refusal(text.replace(old, new, 1))
    assert problem in message
    assert remedy in message


def test_the_line_is_that_of_the_key():
    text = catalogue_text("conus")
    damaged = text.replace('"3.85 kg"', '"3.85 m"')
    line = next(i for i, row in enumerate(damaged.splitlines(), 1) if "3.85 m" in row)
    assert refusal(damaged).startswith(f"my.toml, line {line}: target.mass")


def test_the_line_of_a_setup_s_own_key_comes_first():
    damaged = catalogue_text("conus").replace('"100 kg"', '"100"')
    line = next(i for i, row in enumerate(damaged.splitlines(), 1) if '"100"' in row)
    assert refusal(damaged, "future").startswith(f"my.toml, line {line}: target.mass")
    assert loads(damaged).mass_kg == 3.85


@pytest.mark.parametrize(
    "text", ["", "[", "a = 1", "a = " + "1" * 5000, "a = " + "[" * 3000, "\ufeff", "id = 1\nid = 2"]
)
def test_text_that_is_no_experiment_is_refused(text):
    refusal(text)


@pytest.mark.parametrize(
    ("name", "setup", "words"),
    [
        ("conuss", None, ["'conuss'", "Did you mean 'conus'?", "TOML"]),
        ("conus", "futur", ["'futur'", "'future'"]),
        ("conus@futur", None, ["'futur'", "'future'"]),
        ("conus@future", "current", ["conus@future", "once"]),
        ("none.toml", None, ["cannot read", "none.toml"]),
        ("borexino@future", None, ["'future'", "current"]),
        ("", None, ["unknown experiment"]),
        ("conus@", None, ["names no setup", "conus@current"]),
        ("my.toml@", None, ["names no setup", "my.toml@current"]),
    ],
)
def test_names_that_do_not_exist_get_the_nearest(name, setup, words):
    with pytest.raises(MunuError) as caught:
        load(name, setup)
    assert all(word in str(caught.value) for word in words)


def test_a_misspelt_file_gets_the_one_beside_it(tmp_path):
    (tmp_path / "mine.toml").write_text(catalogue_text("conus"))
    with pytest.raises(MunuError, match=r"'mine\.toml'"):
        load(tmp_path / "mine2.toml")
    (tmp_path / "bytes.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(MunuError, match="UTF-8"):
        load(tmp_path / "bytes.toml")
    with pytest.raises(MunuError, match="cannot read"):
        setups(tmp_path / "folder.toml")


def test_several_setups_without_current_must_be_named():
    text = catalogue_text("conus").replace("[setup.current]", "[setup.first]")
    assert "first, future" in refusal(text, None)
    only = text[: text.index("[setup.future")]
    assert loads(only).identity.setup == "first"


@pytest.mark.parametrize("identifier", ["my file", "α", "a@b", "a/b"])
def test_an_identifier_is_made_of_plain_characters(identifier):
    message = refusal(catalogue_text("conus").replace('id = "conus"', f'id = "{identifier}"'))
    assert identifier in message
    assert "letters, digits" in message


def test_only_regular_files_are_read(tmp_path):
    (tmp_path / "folder.toml").mkdir()
    os.mkfifo(tmp_path / "pipe.toml")
    os.mkfifo(tmp_path / "pipe")
    for name in ("folder.toml", "pipe.toml"):
        with pytest.raises(MunuError, match="not a regular file") as caught:
            load(tmp_path / name)
        assert "Did you mean" not in str(caught.value)
    with pytest.raises(MunuError, match="unknown experiment"):
        load(tmp_path / "pipe")


def test_a_byte_order_mark_is_no_mistake(tmp_path):
    path = tmp_path / "my.toml"
    path.write_text(catalogue_text("conus"), encoding="utf-8-sig")
    assert load(path).mass_kg == 3.85


@pytest.mark.parametrize("text", [3, None, b"format = 1"])
def test_only_text_is_parsed(text):
    with pytest.raises(MunuError, match="is not text"):
        loads(text)


@pytest.mark.parametrize(
    "call",
    [
        lambda: munu.limit(None),
        lambda: munu.limit(["conus", 3]),
        lambda: munu.rate(3),
        lambda: munu.combine("conus", None),
        lambda: munu.fit(None),
        lambda: munu.load(None),
        lambda: munu.load("a\0b.toml"),
        lambda: munu.global_fit([]),
        lambda: munu.read_json(3),
        lambda: munu.setups(3),
        lambda: munu.limit("conus", mixing=3),
        lambda: munu.limit("conus", sigma_sys="x"),
        lambda: munu.limit("conus", xi_1="x"),
        lambda: munu.region("conus", plane=None),
        lambda: munu.region("conus", plane=("Lambda_1", 3)),
    ],
)
def test_arguments_of_another_type_are_refused(call):
    with pytest.raises(MunuError):
        call()


def test_paths_are_experiments(tmp_path):
    path = tmp_path / "my.toml"
    path.write_text(catalogue_text("conus"), encoding="utf-8")
    expected = munu.limit("conus").limit_mu_b
    assert munu.limit(path).limit_mu_b == expected
    assert munu.limit([path]).limit_mu_b == expected
    assert munu.limit(munu.combine(path)).limit_mu_b == expected
    assert munu.rate(path).sm_events == munu.rate("conus").sm_events
    assert munu.spectrum(path).experiment == "conus"


def test_keys_of_a_file_without_id_name_its_setups(tmp_path):
    """Completion in the shell asks for keys of files that are not whole yet."""
    path = tmp_path / "half.toml"
    path.write_text("format = 1\n[setup.near]\n[setup.far]\n")
    with pytest.raises(MunuError, match=r"unknown setup 'fat' in experiment '.*half.toml'.*'far'"):
        keys_of(path, "fat")


def test_a_long_value_that_is_changed_is_cut_in_the_error():
    many = [float(i) for i in range(1000)]
    with pytest.raises(MunuError) as caught:
        load("conus", changes={"detector.efficiency": {"model": "steps", "steps": many}})
    assert "conus.toml with detector.efficiency = {'model': 'steps'" in str(caught.value)
    assert len(str(caught.value)) < 300


@pytest.mark.parametrize("name", ['""', '" "', '"a@b"', r'"a\nb"'])
def test_a_setup_has_a_name_that_can_be_asked_for(name):
    text = catalogue_text("conus").replace("[setup.future.", f"[setup.{name}.")
    assert "is not the name of a setup" in refusal(text)
