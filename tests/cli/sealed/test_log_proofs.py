"""`lifecycle log prove` and `verify`: proofs as files, and whether a log is what it was."""

import csv
import io
from pathlib import Path

import pytest

from cli.runs import log_verify
from lifecycle.sealing.notes import note_of
from lifecycle.sealing.proofs import Consistency, Inclusion, proof_of
from states.ref import Ref
from states.vocabulary import Trigger
from tests.cli.conftest import Cli
from tests.cli.running import run
from tests.sealing import a_key, leaves, seals
from tests.stage import Stage
from tests.store.raw import query


@pytest.mark.measured
def test_entry_is_proved_by_a_file_of_its_own(stage: Stage, cli: Cli, key: Path) -> None:
    """With the entry and the checkpoint in it; without N, the newest one that is sealed."""
    ref = stage.propose()
    cli("log", "seal").well()
    stage.pull(ref, Trigger.SUBMIT)
    pub, file = key.with_name("city.pub"), key.with_name("entry.tlog-proof")
    cli("log", "key", "export", "-o", pub).well()
    for line in ((ref, 1), (ref,), ("TOR", 1), ("tor",)):
        cli("log", "prove", *line, "-o", file).well()
        proof = proof_of(file.read_bytes())
        assert isinstance(proof, Inclusion)
        assert proof.holds
        ran = run("log", "verify", file, "--key", pub).well()
        assert "is in the log" in ran.out
        assert proof.line.decode() in ran.out
    shape = cli("log", "prove", ref, 1, json=True).well().json
    assert (shape["n"], shape["ref"]) == (1, str(ref))
    assert "entry 2" in cli("log", "prove", ref, 2).badly(2).err
    assert "is sealed" in cli("log", "prove", stage.propose()).badly(2).err
    assert "has no entry 9" in cli("log", "prove", ref, 9).badly(2).err
    cli("log", "prove", "TOR-2026-999").badly(2)
    cli("log", "prove").badly(2)
    cli("log", "prove", ref, 1, "--since", file).badly(2)


@pytest.mark.measured
def test_growth_since_a_kept_checkpoint_is_proved(stage: Stage, cli: Cli, key: Path) -> None:
    """The proof leads from the one to the other, and from no other one."""
    pub, old = key.with_name("city.pub"), key.with_name("old")
    cli("log", "key", "export", "-o", pub).well()
    cli("log", "checkpoint", "-o", old).well()
    stage.propose()
    cli("log", "seal").well()
    file = key.with_name("since.proof")
    cli("log", "prove", "--since", old, "-o", file).well()
    assert isinstance(proof_of(file.read_bytes()), Consistency)
    ran = run("log", "verify", file, "--key", pub, "--checkpoint", old).well()
    assert "only grew" in ran.out
    newer = key.with_name("newer")
    cli("log", "checkpoint", "-o", newer).well()
    wrong = run("--json", "log", "verify", file, "--key", pub, "--checkpoint", newer).badly(1)
    assert [one["code"] for one in wrong.json["findings"]] == ["proof.wrong"]
    assert "--checkpoint" in run("log", "verify", file, "--key", pub).badly(2).err
    assert cli("log", "prove", "--since", newer, json=True).well().json["old"] == 4
    query(stage.url, "DROP TRIGGER seal_no_delete")
    query(stage.url, "DELETE FROM seal WHERE size > 3")
    assert "covers 4 lines" in cli("log", "prove", "--since", newer).badly(2).err


def test_proof_of_a_line_that_was_changed_is_not_made(stage: Stage, cli: Cli, key: Path) -> None:
    """Nor one since a checkpoint of a log that was another one."""
    old = key.with_name("old")
    cli("log", "checkpoint", "-o", old).well()
    ref = Ref.parse("TOR-2026-001")
    cli("log", "prove", ref, 1).well()
    other = key.with_name("other.pub")
    other.write_text(a_key(stage).public.file)
    told = cli("log", "verify", "--key", other).badly(1).out
    assert "those of the key" not in told
    assert "Not every signature" in told
    stage.tamper(
        "DROP TRIGGER entry_no_update",
        "UPDATE entry SET line = replace(line, 'anna', 'anya') WHERE stream > 0",
    )
    assert "is not what was sealed" in cli("log", "prove", ref, 1).badly(2).err
    lying = key.with_name("lying")
    note = old.read_text().splitlines()
    note[2] = "A" * 43 + "="
    lying.write_text("\n".join(note) + "\n")
    assert "no beginning of this log" in cli("log", "prove", "--since", lying).badly(2).err


def test_proof_without_a_key_is_not_anchored(stage: Stage, cli: Cli, key: Path) -> None:
    """Nor does another key do, nor a checkpoint that says otherwise."""
    file, pub = key.with_name("proof"), key.with_name("other.pub")
    cli("log", "prove", "TOR", "-o", file).well()
    ran = run("--json", "log", "verify", file).badly(1)
    assert [one["code"] for one in ran.json["findings"]] == ["key.missing"]
    assert not ran.json["anchored"]
    assert "not anchored" in run("log", "verify", file).badly(1).out
    pub.write_text(a_key(stage).public.file)
    ran = run("--json", "log", "verify", file, "--key", pub).badly(1)
    assert [one["code"] for one in ran.json["findings"]] == ["signature.wrong"]
    other = key.with_name("kept")
    note = note_of(seals(stage)[-1].note)
    lines = note.text.decode().splitlines()
    lines[2] = "A" * 43 + "="
    other.write_bytes("\n".join([*lines, "", *note.body.decode().splitlines()[-1:], ""]).encode())
    ran = run("--json", "log", "verify", file, "--checkpoint", other).badly(1)
    assert "root.differs" in {one["code"] for one in ran.json["findings"]}


def test_receipt_is_not_held_against_a_checkpoint_that_it_can_t_be(
    stage: Stage, cli: Cli, key: Path
) -> None:
    """Of another size, or of another log: whoever brings it is not told that all is well."""
    file, pub, kept = (key.with_name(name) for name in ("proof", "city.pub", "kept"))
    cli("log", "key", "export", "-o", pub).well()
    cli("log", "checkpoint", "-o", kept).well()
    stage.propose()
    cli("log", "seal").well()
    cli("log", "prove", "TOR", "-o", file).well()
    run("log", "verify", file, "--key", pub).well()
    line = ("--json", "log", "verify", file, "--key", pub, "--checkpoint", kept)
    assert [one["code"] for one in run(*line).badly(1).json["findings"]] == ["checkpoint.not_held"]
    kept.write_bytes(kept.read_bytes().replace(b"lifecycle/TOR/", b"lifecycle/MTL/"))
    assert [one["code"] for one in run(*line).badly(1).json["findings"]] == ["checkpoint.foreign"]


@pytest.mark.parametrize("stride", [11, pytest.param(1, marks=pytest.mark.reliability)])
@pytest.mark.parametrize("since", [False, True])
def test_proof_altered_at_any_byte_is_never_taken(
    stage: Stage, cli: Cli, key: Path, *, since: bool, stride: int
) -> None:
    """It says what is wrong, as a finding or as a file that is no proof; never a traceback."""
    pub, old, file = (key.with_name(name) for name in ("pub", "old", "proof"))
    cli("log", "key", "export", "-o", pub).well()
    cli("log", "checkpoint", "-o", old).well()
    ref = stage.propose()
    cli("log", "seal").well()
    cli("log", "prove", *(("--since", old) if since else (ref, 1)), "-o", file).well()
    body = file.read_bytes()
    line = ["log", "verify", file, "--key", pub, *(["--checkpoint", old] if since else [])]
    run(*line).well()
    for at in range(0, len(body), stride):
        file.write_bytes(body[:at] + bytes([body[at] ^ (1 << at % 8)]) + body[at + 1 :])
        ran = run(*line)
        assert ran.code in {1, 2}, (at, ran)
        assert ran.out + ran.err
    for cut in range(0, len(body), 7 * stride):
        file.write_bytes(body[:cut])
        assert run(*line).code in {1, 2}


@pytest.mark.parametrize("body", [b"", b"\xff\xfe\x00", b"garbage\n", b"\n\n\n", b"{}" * 999])
def test_files_that_are_no_such_thing_are_wrong_input(
    cli: Cli, key: Path, tmp_path: Path, body: bytes
) -> None:
    """A key, a checkpoint, a proof: what it should have been is said, and where from."""
    del key
    file = tmp_path / "garbage"
    file.write_bytes(body)
    for line, hint in (
        (("log", "verify", "--key", file), "lifecycle log key export"),
        (("log", "verify", "--checkpoint", file), "lifecycle log checkpoint"),
        (("log", "verify", file), "lifecycle log prove"),
        (("log", "prove", "--since", file), "lifecycle log checkpoint"),
    ):
        ran = cli(*line, json=True).badly(2)
        [error] = ran.errors
        assert error["file"] == str(file)
        assert hint in error["hint"]
        assert "codec" not in error["message"]
    for option in ("--key", "--checkpoint"):
        assert "none" in cli("log", "verify", option, tmp_path / "none").badly(2).err
    cli("log", "verify", tmp_path / "none").badly(2)


def test_verify_answers_people_and_programs(stage: Stage, cli: Cli, key: Path) -> None:
    """With 0 where nothing is found, and 1 where anything is; to a file as well."""
    stage.propose()
    shape = cli("log", "verify", json=True).well().json
    assert (shape["ok"], shape["findings"], shape["anchored"]) == (True, [], False)
    assert shape["replayed"]
    assert (shape["entries"], shape["sealed"]) == (len(leaves(stage)) + 1, len(leaves(stage)))
    told = cli("log", "verify").well().out.replace("\n", " ")
    assert "1 line not sealed yet" in told
    assert "Nothing was found" in told
    assert "Not anchored" in told
    pub, old = key.with_name("city.pub"), key.with_name("old")
    cli("log", "key", "export", "-o", pub).well()
    cli("log", "checkpoint", "-o", old).well()
    outside = ("--key", pub, "--checkpoint", old)
    told = cli("log", "verify", "--seals-only", *outside).well().out.replace("\n", " ")
    assert "Nothing was replayed" in told
    assert "none cut off, since the checkpoint in" in told
    assert "those of the key that you brought" in told
    stage.tamper(
        "DROP TRIGGER entry_no_update",
        "UPDATE entry SET line = replace(line, 'anna', 'anya') WHERE stream > 0",
    )
    ran = cli("log", "verify", json=True).badly(1)
    assert not ran.json["ok"]
    assert {"root.differs"} <= {one["code"] for one in ran.json["findings"]}
    file = key.with_name("found.csv")
    assert cli("log", "verify", "-o", file).code == 1
    rows = list(csv.DictReader(io.StringIO(file.read_text())))
    assert {row["code"] for row in rows} == {one["code"] for one in ran.json["findings"]}
    told = cli("log", "verify", *outside).badly(1).out
    assert "finding" in told
    assert "root.differs" in told


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE seal SET note = replace(note, 'sealed_at 2', 'sealed_at \x1b[31m')",
        "UPDATE seal SET note = replace(note, 'sealed_at 2', 'sealed_at 9999-99-')",
        "UPDATE seal SET note = x'ff00ff'",
        "UPDATE seal SET root = 7, peaks = NULL || '', sealed_at = x'ff'",
        "UPDATE entry SET line = CAST(x'ff' AS TEXT) WHERE n = 1",
        "UPDATE entry SET line = x'ff' WHERE n = 1",
        "UPDATE signing_key SET key = x'ff'",
        "DELETE FROM entry WHERE stream = 0",
    ],
)
def test_whatever_the_rows_say_verifying_answers(
    stage: Stage, cli: Cli, key: Path, statement: str
) -> None:
    """With findings, or with what can't be read of the database; never with a traceback."""
    del key
    table = statement.replace("DELETE FROM", "UPDATE").split()[1]
    stage.tamper(
        "PRAGMA foreign_keys=OFF",
        "PRAGMA ignore_check_constraints=ON",
        *(f"DROP TRIGGER {table}_no_{verb}" for verb in ("update", "delete")),
        statement.replace("NULL || ''", "'x'"),
    )
    for words, codes in (("verify", {1, 3}), ("verify --seals-only", {1, 3}), ("seal", {0, 3})):
        ran = cli("log", *words.split())
        assert ran.code in codes, (ran.out, ran.err)
        assert "\x1b[31m" not in ran.out


def test_more_findings_than_people_read_are_counted(
    stage: Stage, cli: Cli, key: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first ones are told."""
    del key
    monkeypatch.setattr(log_verify, "MOST_FINDINGS", 2)
    query(stage.url, "DELETE FROM unsealed")
    for _ in range(5):
        stage.propose()
    query(stage.url, "DELETE FROM unsealed")
    shape = cli("log", "verify", json=True).badly(1).json
    assert (len(shape["findings"]), shape["more"]) == (2, 3)
    told = cli("log", "verify").badly(1).out
    assert "5 findings" in told
    assert "... and 3 more" in told


def test_help_names_each_command(cli: Cli) -> None:
    """Of the log, and of its key."""
    told = cli("log", "--help").well().out
    for word in ("verify", "seal", "checkpoint", "prove", "key"):
        assert word in told
        assert cli("log", word, "--help").well().out
    for word in ("list", "create", "rotate", "export"):
        assert cli("log", "key", word, "--help").well().out
