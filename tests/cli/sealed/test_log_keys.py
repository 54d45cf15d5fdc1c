"""`lifecycle log key`: making, listing, exporting and replacing the key that seals a log."""

import errno
import os
import stat
from pathlib import Path

import pytest

from cli.output.words import plural
from cli.runs import log_key_change
from lifecycle.errors import StoreError
from lifecycle.sealing.keys import public_key_of
from states.vocabulary import Event, State
from store.sealing import keys as signing
from tests.cli.conftest import Cli
from tests.cli.sealed.sealing import city_cli, key_files
from tests.conftest import Staging
from tests.sealing import leaves, seals, waiting
from tests.stage import Stage
from tests.store.raw import everything

SEAL = {"new", "sealed", "root", "sealed_at", "key", "dry_run"}
REAL = ("anna", "dora", "system")


@pytest.mark.measured
def test_first_key_is_made_kept_to_oneself_and_seals(stage: Stage, cli: Cli) -> None:
    """Its file is the owner's alone; the public half is told, and every line is sealed."""
    stage.reach(State.DECISION)
    ran = cli("log", "key", "create", actor="admin").well()
    [file] = key_files(stage)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert str(file) in ran.out.replace("\n", "")
    assert "only you can read it" in ran.out
    assert "lifecycle log key export" in ran.out
    assert f"Sealed {len(leaves(stage))} lines" in ran.out
    assert (waiting(stage), len(seals(stage))) == (0, 1)
    public = public_key_of(file.read_text().partition("\n")[0])
    assert public.id.hex() in ran.out
    cli("log", "verify").well()


def test_key_that_is_made_answers_in_json(stage: Stage, cli: Cli, tmp_path: Path) -> None:
    """The receipt of its line, the key, its file, and what was sealed."""
    file = tmp_path / "safe" / "k"
    shape = cli("log", "key", "create", "--key-file", file, actor="admin", json=True).well().json
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    assert (shape["event"], shape["outcome"]) == ("key_changed", "ok")
    assert shape["key_file"] == str(file)
    assert public_key_of(shape["key"]).id.hex() == shape["seal"]["key"]
    assert set(shape["seal"]) == SEAL
    assert shape["seal"]["new"] == shape["seal"]["sealed"] == len(leaves(stage))


def test_key_file_elsewhere_says_what_to_configure(cli: Cli, tmp_path: Path) -> None:
    """The nightly check would not find it by itself."""
    told = cli("log", "key", "create", "--key-file", tmp_path / "k", actor="admin").well().out
    assert f'[sealing] key = "{tmp_path / "k"}"' in told


def test_dry_run_makes_no_key(stage: Stage, cli: Cli) -> None:
    """No line, no seal, no file; it names no key, since there will be another one."""
    before = everything(stage.url)
    ran = cli("log", "key", "create", "--dry-run", actor="admin").well()
    assert "Dry run" in ran.out
    shape = cli("log", "key", "create", "--dry-run", actor="admin", json=True).well().json
    assert shape["dry_run"]
    assert "key" not in shape
    assert key_files(stage) == []
    assert everything(stage.url) == before


def test_second_create_is_an_error_that_says_what_else(
    stage: Stage, cli: Cli, key: Path, tmp_path: Path
) -> None:
    """The key is there; replacing it is another command. Nothing is written over."""
    before, body = everything(stage.url), key.read_bytes()
    for more in ((), ("--key-file", tmp_path / "k"), ("--dry-run",)):
        ran = cli("log", "key", "create", *more, actor="admin").badly(3)
        assert "has a key already" in ran.err
        assert "lifecycle log key rotate" in ran.err
    assert not (tmp_path / "k").exists()
    assert (everything(stage.url), key.read_bytes()) == (before, body)


@pytest.mark.parametrize("more", [(), ("--dry-run",)])
def test_key_is_never_written_over_what_is_there(
    stage: Stage, cli: Cli, tmp_path: Path, more: tuple[str, ...]
) -> None:
    """Whatever it is; nor where no file can be."""
    (tmp_path / "k").write_text("something")
    before = everything(stage.url)
    taken = cli("log", "key", "create", "--key-file", tmp_path / "k", *more, actor="admin")
    assert "there is something at" in taken.badly(3).err
    assert (tmp_path / "k").read_text() == "something"
    if not more:
        under = tmp_path / "k" / "deeper" / "key"
        ran = cli("log", "key", "create", "--key-file", under, actor="admin").badly(3)
        assert "no key can be written" in ran.err
    assert everything(stage.url) == before


def test_order_repeated_makes_one_key(stage: Stage, cli: Cli, home: Path) -> None:
    """Under the same idempotency key it answers as before, and writes no second file."""
    line = ("log", "key", "create", "--idempotency-key", "first")
    once = cli(*line, actor="admin", json=True).well().json
    again = cli(*line, actor="admin", json=True).well().json
    assert (again["n"], again["key"]) == (once["n"], once["key"])
    assert "nothing was done again" in cli(*line, actor="admin").well().out.replace("\n", " ")
    assert len(key_files(stage)) == 1
    assert [e.event for e in stage.entries(None)].count(Event.KEY_CHANGED) == 1
    new = home / "new.key"
    rotate = ("log", "key", "rotate", "--new-key-file", new, "--idempotency-key", "second")
    once = cli(*rotate, actor="admin", json=True).well().json
    body = new.read_bytes()
    assert cli(*rotate, actor="admin", json=True).well().json["key"] == once["key"]
    assert new.read_bytes() == body


@pytest.mark.parametrize("actor", REAL)
def test_only_admins_of_a_real_program_make_or_replace_a_key(
    staged: Staging, tmp_path: Path, actor: str
) -> None:
    """Who else tries is refused on the log, with no file left behind."""
    city = staged(sandbox=False).with_people()
    ran = city_cli(city, "log", "key", "create", actor=actor)
    assert ran.code == 1
    assert "admin" in ran.out
    assert (city.last(None).event, key_files(city)) == (Event.REFUSED, [])
    city_cli(city, "log", "key", "create").well()
    for how in ((), ("--lost",)):
        line = ("log", "key", "rotate", "--new-key-file", tmp_path / "new", *how)
        assert city_cli(city, *line, actor=actor).code == 1
        assert city.last(None).event is Event.REFUSED
        assert not (tmp_path / "new").exists()
    assert city_cli(city, "log", "key", "list", json=True).well().json[0]["by"] == "admin"
    city_cli(city, "log", "seal", actor=actor).well()
    city_cli(city, "log", "verify", actor=actor).well()


@pytest.mark.parametrize(("code", "stays"), [("unknown_outcome", True), ("locked", False)])
def test_key_whose_line_may_have_been_written_is_kept(
    cli: Cli,
    stage: Stage,
    monkeypatch: pytest.MonkeyPatch,
    code: str,
    stays: bool,  # noqa: FBT001
) -> None:
    """A commit of which nobody knows may have named it; one that was not made did not."""

    def fail(*_: object, **__: object) -> None:
        message = "the connection was lost"
        raise StoreError(message, code, "look whether it was done")

    monkeypatch.setattr(log_key_change, "change_key", fail)
    ran = cli("log", "key", "create", actor="admin").badly(3)
    assert "the connection was lost" in ran.err
    assert bool(key_files(stage)) is stays


def test_key_is_told_of_though_sealing_failed(
    stage: Stage, cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is the log's by then."""

    def fail(*_: object) -> None:
        message = "another process holds the database"
        raise StoreError(message, "locked", "try again")

    monkeypatch.setattr(log_key_change, "seal", fail)
    ran = cli("log", "key", "create", actor="admin").well()
    assert "Nothing was sealed yet: another process" in ran.out
    assert "lifecycle log seal" in ran.out
    monkeypatch.undo()
    assert stage.last(None).event is Event.KEY_CHANGED


def test_old_key_vouches_for_its_successor(stage: Stage, cli: Cli, key: Path) -> None:
    """It seals what there was; then only the new one seals, where it is configured."""
    new = key.with_name("new.key")
    old = public_key_of(key.read_text().partition("\n")[0])
    stage.propose()
    told = cli("log", "key", "rotate", "--new-key-file", new, actor="admin").well().out
    assert f'[sealing] key = "{new}"' in told.replace("\n", " ").replace("  ", " ")
    assert stat.S_IMODE(new.stat().st_mode) == 0o600
    ran = cli("log", "seal").badly(3)
    assert old.id.hex() in ran.err
    stage.propose()
    assert cli("log", "seal", "--key-file", new, json=True).well().json["new"] == 1
    listed = cli("log", "key", json=True).well().json
    assert [one["vouched"] for one in listed] == [None, True]
    for one in listed:
        file = key.with_name(one["id"])
        cli("log", "key", "export", one["id"], "-o", file).well()
        assert cli("log", "verify", "--key", file, json=True).well().json["anchored"]
    assert "by the key before" in cli("log", "key", "list").well().out


def test_lost_key_is_replaced_without_it(stage: Stage, cli: Cli, key: Path) -> None:
    """Auditors who have the old one are told so by verifying."""
    cli("log", "key", "export", "-o", key.with_name("old.pub")).well()
    key.unlink()
    assert "can't be read" in cli("log", "seal").badly(3).err
    new = key.with_name("new.key")
    line = ("log", "key", "rotate", "--new-key-file", new)
    assert "can't be read" in cli(*line, actor="admin").badly(3).err
    assert not new.exists()
    both = cli(*line, "--lost", "--key-file", key, actor="admin").badly(2)
    assert "--lost" in both.err
    cli(*line, "--lost", actor="admin").well()
    assert "by nobody: it was lost" in cli("log", "key").well().out.replace("\n", " ")
    cli("log", "verify").well()
    ran = cli("log", "verify", "--key", key.with_name("old.pub"), json=True).badly(1)
    assert {one["code"] for one in ran.json["findings"]} == {"signature.wrong"}
    assert len(seals(stage)) == 2


def test_log_without_a_key_says_who_makes_one(stage: Stage, cli: Cli, tmp_path: Path) -> None:
    """Each command that needs one: as an error, or as what there is to know."""
    for line in (("log", "seal"), ("log", "seal", "--dry-run")):
        assert "lifecycle log key create" in cli(*line).badly(3).err
    for words in ("log checkpoint", "log key export", "log prove TOR 1"):
        assert "lifecycle log key" in cli(*words.split()).badly(2).err.replace("\n", " ")
    for how in ((), ("--lost",)):
        line = ("log", "key", "rotate", "--new-key-file", tmp_path / "k", *how)
        assert "no key yet" in cli(*line, actor="admin").badly(3).err
        assert not (tmp_path / "k").exists()
    assert "no key yet" in cli("log", "key", "list").well().out
    assert cli("log", "key", json=True).well().json == []
    told = cli("log", "verify").well().out.replace("\n", " ")
    assert "Nothing is sealed" in told
    assert f"{plural(waiting(stage), 'line')} not sealed yet" in told


def test_public_key_is_exported_for_people_and_for_openssl(cli: Cli, key: Path) -> None:
    """One line, then PEM; a key that is not there is an error that names those that are."""
    body = cli("log", "key", "export").well().out
    assert body.splitlines()[0] == key.read_text().splitlines()[0]
    assert "BEGIN PUBLIC KEY" in body
    assert "PRIVATE" not in body
    shape = cli("log", "key", "export", json=True).well().json
    assert shape["key"] == body.splitlines()[0]
    ran = cli("log", "key", "export", "00000000").badly(2)
    assert "no key 00000000" in ran.err
    assert shape["id"] in ran.err


def test_key_that_can_not_be_kept_for_good_is_not_made(
    stage: Stage, cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the disk fails, no half of a file is left behind, and no line."""

    def fail(_folder: Path) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(signing, "synced", fail)
    before = everything(stage.url)
    ran = cli("log", "key", "create", actor="admin").badly(3)
    assert "No space left" in ran.err
    assert key_files(stage) == []
    assert everything(stage.url) == before


def test_key_has_no_version(cli: Cli, tmp_path: Path) -> None:
    """Which is an agreement's."""
    for line in (("create",), ("rotate", "--new-key-file", str(tmp_path / "k"))):
        cli("log", "key", *line, "--expect-version", 1, actor="admin").badly(2)
