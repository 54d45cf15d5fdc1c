"""`lifecycle doctor`: looks at everything, says the fix for each, and never falls over."""

import json
import os
import sys
from importlib.metadata import version
from pathlib import Path

import pytest

from cli.doctor.packages import within
from tests.builders import ROOT
from tests.cli.running import Ran, process, run
from tests.stage import Stage

SECRET = "not-for-eyes"  # noqa: S105
URL = f"postgresql://anna:{SECRET}@db.example.org/city"


@pytest.fixture(autouse=True)
def in_order(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the machine be one in order: an editor, and zone data that are recent."""
    monkeypatch.setenv("EDITOR", sys.executable)
    monkeypatch.setenv("PYTHONTZPATH", "")


def failed(ran: Ran) -> dict[str, str]:
    """Return the findings of a run that ended with 1: their names and what to do."""
    checks = ran.badly(1).json
    found = {check["name"]: check["fix"] for check in checks if check["status"] == "finding"}
    assert found
    assert all(found.values())
    assert all(check["ok"] == (check["status"] != "finding") for check in checks)
    return found


def status(ran: Ran) -> dict[str, str]:
    """Return what was found of each thing; of several, the last."""
    return {check["name"]: check["status"] for check in ran.json}


def text(ran: Ran, name: str) -> str:
    """Return everything that is said of one thing."""
    return " ".join(f"{c['message']} {c['fix']}" for c in ran.json if c["name"] == name)


def test_everything_in_order_ends_with_0(stage: Stage) -> None:
    """Each thing has its line: the program, time, the machine, the settings, the database."""
    ran = process("--db", stage.path, "--json", "doctor").well()
    assert set(status(ran)) >= {
        "package names",
        "python",
        "packages",
        "time-zone data",
        "clock of the machine",
        "account",
        "text",
        "editor",
        "state",
        "settings",
        "password",
        "place",
        "network share",
        "database",
        "policy",
        "clock",
    }
    table = process("--db", stage.path, "doctor").well().out
    assert "✓ editor" in table
    assert "· settings: there is no" in table


def test_what_is_wrong_ends_with_1_and_says_what_to_do(
    home: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """No editor, no database, no state directory, no UTF-8."""
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("EDITOR")
    monkeypatch.setenv("XDG_STATE_HOME", "/proc/nowhere")
    ran = process(
        "--json", "doctor", env={"PYTHONUTF8": "0", "LC_ALL": "", "PYTHONIOENCODING": "latin-1"}
    )
    found = failed(ran)
    assert set(found) == {"text", "editor", "state", "database"}
    assert "lifecycle init" in found["database"]
    assert home.exists()


def test_settings_that_can_not_be_read_are_told_and_the_rest_is_looked_at(home: Path) -> None:
    """Where the database is, can't be known then."""
    folder = home / "config" / "lifecycle"
    folder.mkdir(parents=True)
    texts = {"database = ": "example", "databse = 'x'": "allowed: database", "\xff": "example"}
    for contents, said in texts.items():
        (folder / "lifecycle.toml").write_text(contents, encoding="latin-1")
        ran = process("--json", "doctor")
        assert {"settings", "place"} <= set(failed(ran))
        assert said in text(ran, "settings")
        assert status(ran)["editor"] == "ok"


def test_settings_are_looked_at_even_where_the_line_names_the_database(
    home: Path, stage: Stage
) -> None:
    """Tomorrow's command line may not name it. Who else may write or read them, matters."""
    file = home / "system" / "lifecycle" / "lifecycle.toml"
    file.parent.mkdir(parents=True)
    file.write_text(f"database = '{URL}'\n")
    line = ("--db", stage.path, "--json", "doctor")
    for mode, said in ((0o644, "chmod 600"), (0o602, "chmod o-w")):
        file.chmod(mode)
        assert said in failed(process(*line))["settings"]
    file.chmod(0o600)
    ran = process(*line).well()
    assert "sets database" in text(ran, "settings")


def test_password_is_never_shown_and_better_kept_elsewhere(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """On the line everybody sees it; in the environment it is the user's own."""
    ran = run("--db", URL, "--json", "doctor")
    assert ".pgpass" in failed(ran)["password"]
    assert SECRET not in ran.out
    for url in (URL, f"postgresql:///city?user=anna&password={SECRET}&x=y"):
        monkeypatch.setenv("LIFECYCLE_DATABASE_URL", url)
        ran = run("--json", "doctor")
        assert (status(ran)["password"], ".pgpass" in text(ran, "password")) == ("note", True)
        assert SECRET not in text(ran, "place")


def test_database_that_depends_on_the_folder_is_noted(monkeypatch: pytest.MonkeyPatch) -> None:
    """A path that is not absolute is another file elsewhere."""
    monkeypatch.setenv("LIFECYCLE_DATABASE_URL", "city.db")
    ran = run("--json", "doctor")
    assert status(ran)["place"] == "note"
    assert str(Path.cwd() / "city.db") in text(ran, "place")


@pytest.mark.parametrize("place", ["/", "/dev/null", ":memory:", "/etc/passwd/x", "://"])
def test_place_that_can_not_hold_a_database_is_found_and_not_to_be_changed(place: str) -> None:
    """No advice is given about what is no database's file."""
    found = failed(run("--db", place, "--json", "doctor"))
    assert set(found) == {"database"}
    assert "chmod" not in found["database"]
    assert "fault" not in found["database"]


@pytest.mark.parametrize("editor", ["no-such-editor --wait", '"unbalanced', "  ", "/etc/passwd"])
def test_editor_that_can_not_be_started_is_found(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, editor: str
) -> None:
    """Its options are no part of its name."""
    monkeypatch.setenv("VISUAL", editor)
    assert "set EDITOR" in failed(run("--db", stage.path, "--json", "doctor"))["editor"]
    monkeypatch.setenv("VISUAL", f"{sys.executable} -i")
    run("--db", stage.path, "--json", "doctor").well()


def test_log_of_bugs_that_can_not_be_written_is_found(home: Path, stage: Stage) -> None:
    """A bug would be lost."""
    (home / "state" / "lifecycle" / "bugs.log").mkdir(parents=True)
    assert "mv " in failed(run("--db", stage.path, "--json", "doctor"))["state"]


def test_account_without_a_name_is_found(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    """The log would name a number."""
    monkeypatch.setattr("os.getuid", lambda: 54_321)
    assert "--as" in failed(run("--db", stage.path, "--json", "doctor"))["account"]


def package(folder: Path, name: str) -> Path:
    """Make a package that is somebody else's; returns the folder it is in."""
    (folder / name).mkdir(parents=True)
    (folder / name / "__init__.py").write_text("raise RuntimeError('not ours')\n")
    return folder


@pytest.mark.parametrize("name", ["guards", "lifecycle", "states", "store"])
def test_package_that_hides_ours_is_found_without_importing_it(tmp_path: Path, name: str) -> None:
    """Nothing but this is told, since nothing else can be relied on."""
    stray = package(tmp_path / "stray", name)
    path = {"PYTHONPATH": os.pathsep.join([str(stray), str(ROOT)])}
    found = failed(process("--json", "doctor", env=path))
    assert found == {"package names": f"take {stray} out of PYTHONPATH"}
    assert f"✗ package names: {name}" in process("doctor", env=path).badly(1).out


def test_package_of_the_same_name_further_on_the_path_is_found(
    stage: Stage, tmp_path: Path
) -> None:
    """Ours comes first by order alone; the rest is looked at all the same."""
    stray = package(tmp_path / "stray", "store")
    path = {"PYTHONPATH": os.pathsep.join([str(ROOT), str(stray)])}
    found = failed(process("--db", stage.path, "--json", "doctor", env=path))
    assert found == {"package names": f"take {stray} out of PYTHONPATH"}


def test_package_in_the_working_folder_is_noted(stage: Stage, home: Path) -> None:
    """`python -m cli` would take it there."""
    package(home, "cli")
    ran = process("--db", stage.path, "--json", "doctor", env={"PYTHONSAFEPATH": "1"}).well()
    assert "working folder has cli" in text(ran, "package names")


def distribution(folder: Path, name: str, *metadata: str, packages: str = "") -> None:
    """Install a distribution that has nothing but its metadata."""
    info = folder / f"{name.replace('-', '_')}-9.dist-info"
    info.mkdir(parents=True)
    lines = ("Metadata-Version: 2.4", f"Name: {name}", "Version: 9", *metadata)
    (info / "METADATA").write_text("\n".join(lines) + "\n")
    (info / "top_level.txt").write_text(packages)


def test_distribution_that_has_one_of_the_names_is_found(stage: Stage, tmp_path: Path) -> None:
    """Whichever was installed last would have won."""
    distribution(tmp_path / "site", "shop", packages="store\n")
    path = {"PYTHONPATH": os.pathsep.join([str(ROOT), str(tmp_path / "site")])}
    found = failed(process("--db", stage.path, "--json", "doctor", env=path))
    assert found == {"package names": "python -m pip uninstall shop"}


def test_packages_and_python_are_held_to_the_bounds_of_the_release(
    stage: Stage, tmp_path: Path
) -> None:
    """Missing, too old and what can't be judged are each told; extras are not asked for."""
    distribution(
        tmp_path / "site",
        "partnership-lifecycle",
        "Requires-Python: >=3.99",
        "Classifier: Programming Language :: Python :: 3.99",
        "Requires-Dist: click>=99,<100",
        "Requires-Dist: no-such-package>=1",
        "Requires-Dist: msgspec~=0.22",
        "Requires-Dist: SQLAlchemy>=2",
        'Requires-Dist: pytest>=99; extra == "test"',
        'Requires-Dist: other>=1; python_version < "3.9"',
        packages="cli\nguards\nlifecycle\nstates\nstore\n",
    )
    path = {"PYTHONPATH": os.pathsep.join([str(tmp_path / "site"), str(ROOT)])}
    ran = process("--db", stage.path, "--json", "doctor", env=path)
    assert set(failed(ran)) == {"python", "packages"}
    said = text(ran, "packages")
    assert f"click is {version('click')}" in said
    assert "pip install 'no-such-package>=1'" in said
    assert said.count("pip check") == 2
    assert "1 packages are there" in said
    assert "pytest" not in said
    assert text(ran, "package names").startswith("cli, guards")


@pytest.mark.parametrize(
    ("there", "bounds", "fits"),
    [
        ("1.20.1", ">=1.20,<2", True),
        ("2.0", ">=1.20,<2", False),
        ("2.0.0b1", "<2", False),
        ("1.9", ">=1.20", False),
        ("1.20", ">=1.20.0", True),
        ("0.10.0", "<0.10", False),
        ("3", "", True),
        ("3.1", "!=3.1, >2", False),
        ("3.1", "==3.1.0,<=4", True),
        ("3.1", "~=3.0", None),
        ("3.1", "==3.*", None),
        ("1!3.1", ">=3", None),
        ("unknown", ">=3", None),
    ],
)
def test_plain_bounds_are_compared_number_by_number(
    there: str, bounds: str, *, fits: bool | None
) -> None:
    """What is not plain is left to pip."""
    assert within(there, bounds) is fits


def test_answer_goes_where_it_is_asked_for(stage: Stage, tmp_path: Path) -> None:
    """To a file as well, for a machine that asks each night."""
    file = tmp_path / "found.json"
    run("--db", stage.path, "doctor", "--output", file).well()
    assert {check["status"] for check in json.loads(file.read_text())} <= {"ok", "note"}
