"""Every mistake a user can make: one line with the remedy, exit code 2, nothing left behind."""

import json

import pytest

from munu.cli import main as entry

OVER = ("--parameter", "mu_nu_e", "--over")


@pytest.fixture
def complaint(capsys, monkeypatch):
    """Return a function that runs munu, expects a mistake and returns its one line."""

    def run(*arguments):
        monkeypatch.setattr("sys.argv", ["munu", *arguments])
        with pytest.raises(SystemExit) as stop:
            entry.main()
        captured = capsys.readouterr()
        assert stop.value.code == 2
        assert captured.out == ""
        assert captured.err.count("\n") == 1
        assert captured.err.startswith("munu: ")
        assert "Traceback" not in captured.err
        return captured.err

    return run


@pytest.mark.parametrize("as_json", [(), ("--json",)])
@pytest.mark.parametrize(
    ("arguments", "parts"),
    [
        (("limt", "conus"), ("unknown command 'limt'", "Did you mean 'limit'")),
        (("list",), ("unknown command 'list'", "Did you mean 'experiments'")),
        (("info", "conus"), ("Did you mean 'show'",)),
        (("help",), ("Did you mean '--help'",)),
        (("limit", "conuss"), ("unknown experiment 'conuss'", "Did you mean 'conus'")),
        (("rate", "coherent-cs"), ("Did you mean 'coherent-csi'",)),
        (
            ("coverage", "conus-plus", "epsilon_u_ee"),
            ("unknown experiment 'epsilon_u_ee'", "It is a parameter: write --parameter epsilon_"),
        ),
        (("limit", "conus", "--parameter", "μ_νe"), ("Did you mean 'mu_nu_e'",)),
        (("coverage", "conus-plus", "--parameter", "|Λ₃|"), ("Did you mean 'Lambda_3'",)),
        (("limit", "conus", "Lambda_1"), ("It is a parameter: write --parameter Lambda_1",)),
        (("fit", "conus", "g_b-l"), ("It is a parameter: write --parameter g_b-l",)),
        (("region", "conus", "dirac_ee"), ("It is a parameter: write --plane dirac_ee,OTHER",)),
        (("rate", "conus", "mu_N_e"), ("argument (mu_N_e)", "write --with mu_N_e=VALUE")),
        (("show", "conus", "mu_eff"), ("argument (mu_eff)", "It is a parameter")),
        (("rate", "conus", "connie"), ("argument (connie)", "See `munu rate --help`")),
        (
            ("rate", "conus", "--with", "g_b-l=1", "--with", "g_b-l=2"),
            ("--with (values): g_b-l stands twice", "Give each name once"),
        ),
        (
            ("scan", "conus", *OVER, "neutron_radius", "--at", "5 fm"),
            ("unknown quantity to scan over", "'interaction.neutron_radius.ISOTOPE'"),
        ),
        (
            ("scan", "conus", *OVER, "mediator_mas", "--at", "5 MeV"),
            ("Did you mean 'mediator_mass'", "or the path of any key of the files"),
        ),
        (
            ("scan", "conus", *OVER, "target.mass", "--at", "2 kg", "--set", "target.mass='3 kg'"),
            ("target.mass is scanned over and set", "Leave one of the two out"),
        ),
        (
            ("explore", "--set", "target.mass='5 kg'", "--output", "p.html"),
            ("--set changes the files of experiments, and none is named", "Name one"),
        ),
        (
            ("export", "conus", "--format", "hepdata", "--set", "target.mass='5 kg'"),
            ("--set changes the files of experiments", "format hepdata takes a saved result"),
        ),
        (
            ("init", "my.toml", "--like", "dresden-ii@ybe"),
            ("names a setup, and the new file has all", "Write dresden-ii alone"),
        ),
        (
            ("export", "lim.json", "--format", "latex", "--set", "target.mass=3 kg"),
            ("--set changes the files of experiments, and lim.json is a saved result",),
        ),
        (("limit", "conus", "--with", "xi_1=1"), ("xi_1 is a phase", "--xi-1 on the command line")),
        (("limit", "conus", "--parameter", "delta_cp"), ("delta_cp is a phase", "--delta-cp")),
        (("limit", "conus", "--set", "target.mass=1,5 kg"), ("Decimals follow a point",)),
        (("limit", "x" * 300), (f"unknown experiment '{'x' * 20}",)),
        (
            ("scan", "conus", *OVER, "sterile_mass", "--at", "5 MeV"),
            ("sterile_mass makes no difference to mu_nu_e", "for one of mu_N_e, mu_N_mu"),
        ),
        (
            ("limit", "conus", "--parameter", "g_b-l", "--mediator-mass", "5 cm"),
            ("not a valid mass of a particle", "'cm' is a unit of length"),
        ),
        (("rate", "conus", "--with", "g_b-l"), ("--with (values): 'g_b-l' is not NAME=VALUE",)),
        (
            ("limit", "conus-plus", "--parameter", "epsilon_u_ee", "--one-sided"),
            ("--one-sided (one_sided) is of a limit from above", "Leave it out"),
        ),
        (
            ("limit", "conus", "--parameter", "epsilon_u_ee", "--sterile-mass", "1 MeV"),
            ("--sterile-mass (sterile_mass) = 1 MeV makes no difference", "mu_N_e"),
        ),
        (("show", "nowhere.toml"), ("cannot read nowhere.toml",)),
        (("limit", "conus", "--parametr", "x"), ("unknown option '--parametr'", "'--parameter'")),
        (
            ("limit", "conus", "--plot", "x.png"),
            ("unknown option '--plot'. It is one of `munu rate`", "; allowed here: --par"),
        ),
        (("limit", "conus", "--plane", "x"), ("`munu region`, `munu envelope`",)),
        (("limit", "."), (". is a folder, not an experiment", "TOML file")),
        (("limit", "conus", "--seed", "5"), ("seed = 5 fixes toys", "take bands or")),
        (("limit", "conus", "--precision", "0.1"), ("precision = 0.1", "Feldman-Cousins limit")),
        (("profile", "conus", "--seed", "5"), ("seed = 5 fixes toys", "or take bands")),
        (("region", "conus", "--seed", "5"), ("an asymptotic region has none",)),
        (("region", "conus", "--precision", "0.1"), ("Feldman-Cousins region",)),
        (("limit", "coherent-csi", "--method", "cls", "--seed", "5"), ("a CLs limit has none",)),
        (
            ("limit", "conus", "--parameter", "Lamda_1"),
            ("Did you mean 'Lambda_1'", "munu limit --help"),
        ),
        (("limit", "coherent-csi", "--beam", "promt"), ("Did you mean 'prompt'",)),
        (("limit", "conus", "--beam", "delayed"), ("unknown beam 'delayed'", "Allowed: full")),
        (("limit", "conus", "--setup", "futur"), ("unknown setup 'futur'", "'future'")),
        (("limit", "conus@future", "--setup", "current"), ("names a setup other",)),
        (("limit", "conus", "--convention", "publishd"), ("Did you mean 'published'",)),
        (("limit", "conus", "--others", "profild"), ("Did you mean 'profiled'",)),
        (("limit", "conus", "--mixing", "nufit"), ("unknown global fit 'nufit'", "Allowed")),
        (("limit", "conus", "--cl", "1"), ("confidence level", "between 0 and 1")),
        (("limit", "conus", "--cl", "95"), ("Did you mean 0.95?",)),
        (("limit", "conus", "--cl", "0"), ("between 0 and 1",)),
        (("limit", "conus", "--cl", "-0.5"), ("between 0 and 1",)),
        (("limit", "conus", "--cl", "nan"), ("between 0 and 1",)),
        (("limit", "conus", "--cl", "ninety"), ("confidence level", "'ninety'")),
        (("limit", "conus", "--sigma-sys", "-1"), ("sigma_sys = -1", "from 0 up to 10")),
        (("limit", "conus", "--sigma-sys", "1e200"), ("sigma_sys = 1e+200", "from 0 up to 10")),
        (("limit", "conus", "--sigma-sys", "nan"), ("sigma_sys = nan", "from 0 up to 10")),
        (("limit", "conus", "--sigma-sys", "inf"), ("sigma_sys = inf", "from 0 up to 10")),
        (("limit", "conus", "--xi-1", "nan"), ("xi_1 = nan",)),
        (("region", "conus", "--delta-cp", "inf"), ("delta_cp = inf",)),
        (("profile", "conus", "--max", "1e300"), ("--max = 1e+300", "above 0 up to 1e-06")),
        (("profile", "conus", "--max", "inf"), ("--max = inf", "above 0 up to 1e-06")),
        (("coverage", "coherent-csi", "--toys", "0"), ("toys = 0", "1 or more")),
        (("coverage", "coherent-csi", "--seed", "-1"), ("seed = -1", "0 or more")),
        (("coverage", "coherent-csi", "--moment", "-1e-10"), ("-1e-10 mu_B", "from 0 mu_B")),
        (("fit", "coherent-csi-2017", "--toys", "-1"), ("toys = -1", "0 or more")),
        (("limit", "borexino", "--sigma-sys", "0.1"), ("no signal uncertainty",)),
        (("limit", "borexino", "--convention", "published"), ("per-species",)),
        (("limit", "conus", "conus"), ("more than once",)),
        (("limit", "conus", "--parameter", "Lambda_e", "--xi-1", "1"), ("phases of Lambda_1",)),
        (("limit",), ("EXPERIMENTS", "munu limit --help")),
        (("rate", "conus", "connie"), ("connie",)),
        (("rate", "borexino"), ("counts no events", "munu limit")),
        (("rate", "conus", "--plot", "spectrum.gif"), (".gif", ".png")),
        (("rate", "conus", "--plot", "missing/folder/s.png"), ("cannot write",)),
        (("profile", "conus", "--max", "-1e-10"), ("--max",)),
        (("profile", "conus", "--parameter", "Lambda_e"), ("no limit", "--max")),
        (("region", "conus", "--plane", "Lambda_1,Lambda_9"), ("Lambda_9", "Lambda_2")),
        (("region", "conus", "--plane", "Lambda_1"), ("two axes",)),
        (("reproduce", "table3"), ("unknown table or figure 'table3'", "table2")),
        (("reproduce",), ("munu reproduce --help",)),
        (("reproduce", "table1", "--output", ""), ("--output names no folder",)),
        (("limit", "conus@"), ("names no setup", "conus@current")),
        (("limit", "my.toml@"), ("names no setup", "my.toml@current")),
        (("init", "my.toml", "--like", "other.toml"), ("cannot read other.toml",)),
        (("init", "my.yaml"), ("my.toml",)),
        (("init", "my.toml", "--like", "conuss"), ("Did you mean 'conus'",)),
        (("validate", "missing.toml"), ("cannot read missing.toml",)),
        (("cite", "missing.json"), ("cannot read missing.json",)),
        (("cite", "conuss"), ("Did you mean 'conus'",)),
    ],
    ids=" ".join,
)
def test_one_line_with_the_remedy(complaint, monkeypatch, tmp_path, arguments, parts, as_json):
    monkeypatch.chdir(tmp_path)
    line = complaint(*arguments, *as_json)
    for part in parts:
        assert part in line
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("command", "option"),
    [
        (("rate", "conus"), "--plot"),
        (("profile", "conus"), "--plot"),
        (("region", "conus"), "--plot"),
        (("envelope", "conus"), "--plot"),
        (("fit", "conus-plus"), "--plot"),
        (("weak-angle", "conus-plus"), "--plot"),
        (("coverage", "coherent-csi"), "--plot"),
        (("plot", "saved.json"), "--output"),
    ],
    ids=lambda part: part[0] if isinstance(part, tuple) else part,
)
@pytest.mark.parametrize(
    ("file", "said"), [("a.jpg", "Allowed: .png"), ("no/a.png", "there is no folder no")]
)
def test_a_picture_is_refused_before_anything_is_computed(
    complaint, monkeypatch, command, option, file, said
):
    def fail(*_, **__):
        raise AssertionError("something was computed")

    monkeypatch.setattr("munu.experiments.load.load", fail)
    monkeypatch.setattr("munu.results.read_json", fail)
    assert said in complaint(*command, option, file)


def test_a_picture_that_fails_costs_no_result(capsys, monkeypatch, tmp_path):
    from munu.base.errors import MunuError

    def refuse(_):
        raise MunuError("no ink", "Buy some")

    monkeypatch.setattr("munu.plotting.regions.plot_region", refuse)
    arguments = ("region", "conus", "--json", "--plot", str(tmp_path / "a.png"))
    monkeypatch.setattr("sys.argv", ["munu", *arguments])
    with pytest.raises(SystemExit) as stop:
        entry.main()
    captured = capsys.readouterr()
    assert stop.value.code == 2
    assert json.loads(captured.out)["result"] == "region"
    assert captured.err == "munu: no ink. Buy some\n"


@pytest.fixture
def spoilt(complaint, tmp_path, monkeypatch):
    """Return a function that spoils a good file and returns what munu says of it."""
    from munu.experiments.template.write import template_text

    good = template_text("my", "conus")

    def run(old, new, *command):
        assert old in good
        path = tmp_path / "my.toml"
        path.write_text(good.replace(old, new), encoding="utf-8")
        return complaint(*(command or ("limit",)), str(path))

    return run


@pytest.mark.parametrize(
    ("old", "new", "parts"),
    [
        ('"3.85 kg"', '"-3.85 kg"', ("mass", "from 1e-06 kg")),
        ('"3.85 kg"', '"3.85 GW"', ("mass", "kg")),
        ('"100 eVee"', '"100 keVee"', ("threshold", "endpoint")),
        ("[exposure]", "[exposur]", ("exposur", "exposure")),
        ("baseline =", "baselin =", ("baselin", "baseline")),
        ("efficiency = {", "efficency = {", ("efficency", "efficiency")),
        ('id = "my"', 'id = "my', ("TOML",)),
    ],
)
def test_a_spoilt_file_names_the_key_and_the_remedy(spoilt, old, new, parts):
    line = spoilt(old, new)
    for part in parts:
        assert part in line


def test_a_missing_efficiency_is_no_default(complaint, tmp_path):
    from munu.experiments.template.write import template_text

    lines = template_text("my", "conus").splitlines()
    path = tmp_path / "my.toml"
    path.write_text("\n".join(line for line in lines if not line.startswith("efficiency")))
    assert "efficiency" in complaint("limit", str(path))


def test_a_file_that_is_no_text(complaint, tmp_path):
    path = tmp_path / "my.toml"
    path.write_bytes(b"\xff\xfe\x00")
    assert "UTF-8" in complaint("validate", str(path))


def test_an_output_folder_under_a_file(complaint, tmp_path):
    path = tmp_path / "file"
    path.write_text("")
    line = complaint("reproduce", "table2", "--output", str(path / "folder"))
    assert "cannot make the folder" in line
    assert path.read_text() == ""


def test_an_output_folder_that_is_a_file(complaint, tmp_path):
    path = tmp_path / "file"
    path.write_text("")
    assert "cannot make the folder" in complaint("reproduce", "table2", "--output", str(path))


def test_a_failed_picture_leaves_no_file_of_its_set(complaint, tmp_path):
    """The picture cannot replace a folder of its name: nothing new stays, the old does."""
    (tmp_path / "table2.png").mkdir()
    (tmp_path / "table2.csv").write_text("old")
    line = complaint("reproduce", "table2", "--output", str(tmp_path))
    assert f"cannot write {tmp_path / 'table2.png'}" in line
    assert {path.name for path in tmp_path.iterdir()} == {"table2.csv", "table2.png"}
    assert (tmp_path / "table2.csv").read_text() == "old"


def test_a_picture_that_cannot_be_drawn_leaves_no_folder(complaint, tmp_path, monkeypatch):
    from munu.base.errors import MunuError

    def refuse(result):
        raise MunuError("no ink", "Buy some")

    monkeypatch.setattr("munu.plotting.table2.draw", refuse)
    assert "no ink" in complaint("reproduce", "table2", "--output", str(tmp_path / "a" / "b"))
    assert list(tmp_path.iterdir()) == []


def test_init_overwrites_nothing(complaint, tmp_path):
    path = tmp_path / "my.toml"
    path.write_text("precious")
    assert "exists" in complaint("init", str(path))
    assert path.read_text() == "precious"


@pytest.mark.parametrize(
    ("key", "value"), [("cl", "x"), ("references", [3]), ("unbounded", 1), ("colour", "red")]
)
def test_cite_of_a_tampered_result_names_the_key(complaint, tmp_path, key, value):
    import munu

    path = tmp_path / "limit.json"
    document = munu.limit("conus").to_dict() | {key: value}
    path.write_text(json.dumps(document), encoding="utf-8")
    line = complaint("cite", str(path))
    assert "limit.json" in line
    assert f"'{key}'" in line


@pytest.mark.parametrize("text", ["{", "[]", '{"result": "limits"}', '{"result": "limit"}'])
def test_cite_of_no_result_names_the_file(complaint, tmp_path, text):
    path = tmp_path / "limit.json"
    path.write_text(text)
    assert "limit.json" in complaint("cite", str(path))


def test_plot_of_a_result_without_a_picture_writes_nothing(complaint, tmp_path):
    import munu

    path = tmp_path / "limit.json"
    path.write_text(munu.limit("conus").to_json(), encoding="utf-8")
    assert "'limit'" in complaint("plot", str(path))
    assert [one.name for one in tmp_path.iterdir()] == ["limit.json"]


def test_a_file_of_that_name_comes_before_a_name_that_is_like_it(complaint, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mine.toml").write_text("format = 1\n")
    assert "Did you mean the file 'mine.toml'" in complaint("limit", "mine")
    assert "'miner'" in complaint("limit", "minet")


def test_the_program_alone_prints_its_help(capsys, monkeypatch):
    monkeypatch.setattr("sys.argv", ["munu"])
    with pytest.raises(SystemExit) as stop:
        entry.main()
    captured = capsys.readouterr()
    assert stop.value.code == 0
    assert captured.err == ""
    assert captured.out.startswith("Usage: munu")
    assert captured.out.count("\n") > 20
