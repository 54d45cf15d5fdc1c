"""`lifecycle log export DIR`: a copy of the log that anybody can verify without this program."""

import subprocess
import sys
from pathlib import Path

from tests.cli.conftest import Cli
from tests.stage import Stage


def test_exported_log_is_verified_with_its_own_program_and_a_key_from_elsewhere(
    cli: Cli, stage: Stage, tmp_path: Path
) -> None:
    """As an auditor does: key and older checkpoint were handed over before."""
    key, old, folder = tmp_path / "KEY.pub", tmp_path / "old", tmp_path / "copy"
    program = tmp_path / "verify.py"
    assert cli("log", "key", "create").code == 0
    assert cli("log", "key", "export", "-o", key).code == 0
    stage.propose()
    assert cli("log", "seal").code == 0
    assert cli("log", "checkpoint", "-o", old).code == 0
    stage.propose(reason="As Council asked.")
    assert cli("log", "seal").code == 0
    stage.propose()
    made = cli("log", "export", folder)
    assert made.code == 0
    assert "1 line came after that checkpoint and is not in it" in " ".join(made.out.split())
    program.write_bytes((folder / "verify.py").read_bytes())
    line = [sys.executable, *map(str, (program, "--key", key, "--checkpoint", old, folder))]
    done = subprocess.run(line, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (
        0,
        "4 lines, 2 checkpoints, 0 texts erased\n",
        "",
    )
    line = [sys.executable, str(folder / "verify.py")]
    done = subprocess.run(line, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout.partition(":")[0]) == (1, "NOT ANCHORED")


def test_dry_run_says_what_would_be_in_it_and_writes_nothing(
    cli: Cli, stage: Stage, tmp_path: Path
) -> None:
    """In words and as JSON."""
    folder = tmp_path / "copy"
    cli("log", "key", "create")
    cli("log", "seal")
    stage.propose()
    told = cli("log", "export", folder, "--dry-run")
    assert told.code == 0
    assert "It would hold the 2 lines that the checkpoint of" in " ".join(told.out.split())
    said = cli("log", "export", folder, "--dry-run", json=True).json
    assert (said["sealed"], said["unsealed"], said["dry_run"]) == (2, 1, True)
    assert not folder.exists()
    said = cli("log", "export", folder, json=True).json
    assert (said["folder"], said["checkpoints"], said["dry_run"]) == (str(folder), 1, False)


def test_log_that_was_never_sealed_is_no_bundle_yet(cli: Cli, tmp_path: Path) -> None:
    """It says which commands come first."""
    ran = cli("log", "export", tmp_path / "copy")
    assert ran.code == 3
    assert "was ever sealed" in " ".join(ran.err.split())
    assert "lifecycle log key create; then lifecycle log seal" in " ".join(ran.err.split())


def test_folder_and_format_exclude_each_other(cli: Cli, tmp_path: Path) -> None:
    """A bundle has a form of its own, and a dry run is for that alone."""
    for more in (("--format", "csv"), ("-o", tmp_path / "x.csv"), ("--all-events",)):
        ran = cli("log", "export", tmp_path / "copy", *more)
        assert (ran.code, list(tmp_path.glob("copy"))) == (2, [])
    assert cli("log", "export", "--dry-run").code == 2
