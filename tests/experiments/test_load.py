"""Names, setups, merging, provenance and the inputs' hash."""

import ast
from importlib.resources import files

import numpy as np

from munu.experiments.load import catalogue, load, load_setups, loads, setups
from munu.folding.fold import fold

TEXT = files("munu.experiments").joinpath("catalogue/conus.toml").read_text(encoding="utf-8")


def entries(experiment):
    return {entry.key: entry for entry in experiment.identity.provenance}


def test_a_name_takes_a_setup_in_either_way():
    assert load("conus").identity.setup == "current"
    assert load("conus@future").identity == load("conus", "future").identity
    assert setups("conus") == ("current", "future")


def test_a_path_stands_where_a_name_does(tmp_path):
    path = tmp_path / "my@home.toml"
    path.write_text(TEXT)
    assert load(path).identity == load("conus").identity
    assert load(f"{path}@future").mass_kg == 100
    assert setups(str(path)) == ("current", "future")
    assert [e.mass_kg for e in load_setups(path)] == [3.85, 100]


def test_plain_values_and_values_with_source_are_the_same_experiment():
    plain = TEXT.replace('{ value = "3.85 kg", source = "arXiv:1905.03750, Table I" }', '"3.85 kg"')
    assert plain != TEXT
    one, other = loads(TEXT), loads(plain)
    assert entries(one)["target.mass"].source == "arXiv:1905.03750, Table I"
    assert entries(other)["target.mass"].source == ""
    assert one.inputs_hash == other.inputs_hash


def test_a_model_without_parameters_may_be_its_name():
    short = TEXT.replace(
        '{ model = "perfect", source = "arXiv:1905.03750, Eq. (32)" }', '"perfect"'
    )
    assert short != TEXT
    assert loads(short).inputs_hash == loads(TEXT).inputs_hash


def test_a_table_s_source_is_that_of_its_values():
    text = TEXT.replace("[target]\n", '[target]\nsource = "here"\nnote = "remark"\n')
    text = text.replace('{ value = "3.85 kg", source = "arXiv:1905.03750, Table I" }', '"3.85 kg"')
    experiment = loads(text)
    assert entries(experiment)["target.mass"].source == "here"
    assert entries(experiment)["target.material"].source == "arXiv:1905.03750, Table I"
    assert "target: remark" in experiment.identity.notes


def test_notes_and_references_are_collected_for_the_setup():
    text = TEXT.replace("[setup.current]", '[setup.current]\nnotes = ["only now"]')
    now, later = loads(text, setup="current").identity, loads(text, setup="future").identity
    assert "only now" in now.notes
    assert "only now" not in later.notes
    assert now.references[0] == "arXiv:1905.03750"
    assert "arXiv:2011.00210" in now.references
    assert len(set(now.references)) == len(now.references)


def test_provenance_round_trip():
    """The provenance, written back as a plain file, is the same experiment."""
    for name in catalogue():
        for experiment in load_setups(name):
            if any("[" in entry.key for entry in experiment.identity.provenance):
                continue  # arrays of tables cannot be written with dotted keys
            rebuilt = loads(_as_toml(experiment.identity), setup=experiment.identity.setup)
            assert rebuilt.inputs_hash == experiment.inputs_hash


def _as_toml(identity):
    head = f'format = 1\nid = "{identity.id}"\ntitle = "x"\nreference = "x"\n'
    rows = [head] if identity.setup == "current" else [head, f"setup.{identity.setup} = {{}}\n"]
    for entry in identity.provenance:
        parts = entry.key.split(".")
        key = ".".join(f'"{part}"' for part in parts)
        bare = entry.value.startswith("[") or entry.value in ("true", "false")
        text = entry.value if bare or _is_number(entry.value) else f'"{entry.value}"'
        if entry.value.startswith("["):
            text = repr(_parsed_list(entry.value)).replace("'", '"')
        rows.append(f"{key} = {text}\n")
    return "".join(rows)


def _is_number(text):
    try:
        float(text)
    except ValueError:
        return False
    return True


def _parsed_list(text):
    try:
        return ast.literal_eval(text)
    except (ValueError, SyntaxError):
        return [word.strip() for word in text.strip("[]").split(",")]


def future_with(quenching):
    table = f"[setup.future.detector.quenching]\n{quenching}\n\n[setup.future.target]"
    return loads(TEXT.replace("[setup.future.target]", table), setup="future")


def test_a_setup_merges_table_by_table_and_another_model_replaces():
    changed = future_with('model = "constant"\nfactor = 0.2')
    assert changed.detector.quenching.coefficients == (0.2,)
    assert changed.detector.efficiency.value == 1
    assert changed.source == load("conus").source
    assert future_with("kappa = 0.16").detector.quenching.kappa == 0.16


def test_the_hash_knows_physics_from_words():
    reference = loads(TEXT).inputs_hash
    assert loads(TEXT.replace("arXiv:2011.00210", "elsewhere")).inputs_hash == reference
    assert loads(TEXT.replace('"3.9 GW"', '"3900 MW"')).inputs_hash == reference
    assert loads(TEXT.replace('"3.9 GW"', '"3.8 GW"')).inputs_hash != reference
    assert loads(TEXT, setup="future").inputs_hash != reference


def test_counts_scale_with_what_the_file_says():
    reference = fold(loads(TEXT))
    for old, new, factor in [
        ('"3.85 kg"', '"7.70 kg"', 2),
        ('"1 yr"', '"3 yr"', 3),
        ('"50 %"', '"25 %"', 0.5),
        ('"3.9 GW"', '"7.8 GW"', 2),
        ('"17 m"', '"34 m"', 0.25),
    ]:
        changed = fold(loads(TEXT.replace(old, new)))
        assert np.allclose(changed.sm_events, factor * reference.sm_events, rtol=1e-12)
        dipole = changed.dipole_events_per_mu_b2
        assert np.allclose(dipole, factor * reference.dipole_events_per_mu_b2, rtol=1e-12)
