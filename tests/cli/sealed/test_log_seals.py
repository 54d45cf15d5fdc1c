"""`lifecycle log seal` and who else seals or tells of it: the night, status, doctor."""

from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from lifecycle.sealing.keys import PublicKey, public_key_of
from tests.cli.conftest import Cli
from tests.cli.running import Ran, on_terminal, run
from tests.cli.sealed.sealing import city_cli
from tests.cli.service import configure, said
from tests.conftest import Staging
from tests.sealing import a_key, cheap, seals, waiting
from tests.stage import Stage
from tests.store.raw import query

SEAL = {"new", "sealed", "root", "sealed_at", "key", "dry_run"}


def test_seal_covers_what_is_new_and_says_so(stage: Stage, cli: Cli, key: Path) -> None:
    """In words, in JSON, and what it would be; nothing new is no new checkpoint."""
    del key
    stage.propose()
    stage.propose()
    would = cli("log", "seal", "--dry-run", json=True).well().json
    assert (would["new"], would["dry_run"], len(seals(stage))) == (2, True, 1)
    assert "2 lines would be sealed" in cli("log", "seal", "--dry-run").well().out
    shape = cli("log", "seal", json=True).well().json
    assert set(shape) == SEAL
    assert (shape["new"], shape["sealed"]) == (2, seals(stage)[-1].size)
    assert shape["root"] == seals(stage)[-1].root.hex()
    assert "Nothing is new" in cli("log", "seal").well().out
    stage.propose()
    assert "Sealed 1 line:" in cli("log", "seal").well().out


def spoil(path: Path, how: str) -> None:
    """Make a key's file one that can't be used."""
    if how == "exposed":
        path.chmod(0o640)
    elif how == "gone":
        path.unlink()
    elif how == "empty":
        path.write_bytes(b"")
    elif how == "binary":
        path.write_bytes(b"\xff\xfe" * 50)
    elif how == "of another kind":
        vkey = path.read_bytes().partition(b"\n")[0]
        form = (Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        path.write_bytes(vkey + b"\n" + generate_private_key(SECP256R1()).private_bytes(*form))
    elif how == "cut":
        path.write_bytes(path.read_bytes()[:120])
    elif how == "of another first line":
        head, _newline, rest = path.read_text().partition("\n")
        path.write_text(f"{PublicKey(public_key_of(head).name, bytes(32)).vkey}\n{rest}")
    else:
        lines = path.read_text().splitlines()
        path.write_text("\n".join([lines[0].replace("TOR", "MTL"), *lines[1:]]) + "\n")


@pytest.mark.parametrize(
    ("how", "message"),
    [
        ("exposed", "others than its owner"),
        ("gone", "can't be read"),
        ("empty", "no private key of a log"),
        ("binary", "no private key of a log"),
        ("of another kind", "of another kind than Ed25519"),
        ("cut", "no private key of a log"),
        ("of another first line", "not the key that its first line names"),
        ("renamed", "no private key of a log"),
    ],
)
def test_key_that_is_no_good_seals_nothing_and_fails_no_night(
    stage: Stage, cli: Cli, key: Path, how: str, message: str
) -> None:
    """What is wrong and what to do is said: by seal, by the night, by doctor."""
    stage.propose()
    spoil(key, how)
    ran = cli("log", "seal").badly(3)
    assert message in ran.err.replace("\n", " ")
    night = cli("nightly", json=True).well().json
    assert (night["completed"], night["sealed"]) == (True, None)
    [finding] = [one for one in night["findings"] if one["code"] == "not_sealed"]
    assert message in finding["message"]
    assert finding["fix"] == "lifecycle log seal"
    assert "Nothing was sealed" in cli("nightly").well().out
    assert len(seals(stage)) == 1
    checks = run("--db", stage.path, "--json", "doctor").json
    [found] = [one for one in checks if one["name"] == "sealing key"]
    assert (found["status"], message in found["message"]) == ("finding", True)
    assert found["fix"]


def test_key_that_names_another_file_than_the_logs_is_told_apart(
    stage: Stage, cli: Cli, key: Path
) -> None:
    """A key of the same log that is not its own."""
    other = a_key(stage)
    key.write_bytes(other.file)
    assert other.public.id.hex() in cli("log", "seal").badly(3).err
    checks = run("--db", stage.path, "--json", "doctor").json
    [found] = [one for one in checks if one["name"] == "sealing key"]
    assert (found["status"], other.public.id.hex() in found["message"]) == ("finding", True)


def test_night_seals_what_it_wrote(stage: Stage, cli: Cli, tmp_path: Path) -> None:
    """`sealed` is null before there is a key, and then how many lines were sealed."""
    stage.propose()
    night = cli("nightly", json=True).well().json
    assert night["sealed"] is None
    assert not [one for one in night["findings"] if one["code"] == "not_sealed"]
    configure(tmp_path / "home", '[sealing]\nkey = "seal.key"\n')
    cli("log", "key", "create", actor="admin").well()
    stage.propose()
    # With the line of the night itself.
    assert cli("nightly", json=True).well().json["sealed"] == 2
    assert cli("nightly", json=True).well().json["sealed"] == 1
    stage.propose()
    assert cli("nightly", "--dry-run", json=True).well().json["sealed"] is None
    assert waiting(stage) == 1
    told = cli("nightly").well()
    assert "Sealed 2 lines; the checkpoint covers" in told.out
    assert "sealed" in {one["event"] for one in said(told.err)}


def test_bad_settings_of_sealing_fail_no_night(stage: Stage, cli: Cli, key: Path) -> None:
    """Doctor names the key of lifecycle.toml that is wrong."""
    toml = key.with_name("lifecycle.toml")
    toml.write_text("[sealing]\nkey = 7\nsecret = 1\n")
    night = cli("nightly", json=True).well().json
    assert [one["code"] for one in night["findings"]] == ["not_sealed"]
    checks = run("--db", stage.path, "--json", "doctor").badly(1).json
    found = " ".join(one["message"] for one in checks if one["status"] == "finding")
    assert "sealing.key" in found
    assert "sealing.secret" in found


def test_checkpoint_is_printed_to_the_byte(stage: Stage, cli: Cli, key: Path) -> None:
    """To keep elsewhere: the newest one, or the one of so many lines."""
    stage.propose()
    cli("log", "seal").well()
    first, last = seals(stage)
    assert cli("log", "checkpoint").well().out.encode() == last.note
    assert cli("log", "checkpoint", first.size).well().out.encode() == first.note
    file = key.with_name("kept.checkpoint")
    cli("log", "checkpoint", "-o", file).well()
    assert file.read_bytes() == last.note
    shape = cli("log", "checkpoint", json=True).well().json
    assert shape["note"].encode() == last.note
    assert (shape["sealed"], shape["root"]) == (last.size, last.root.hex())
    missing = cli("log", "checkpoint", first.size - 1).badly(2)
    assert f"no checkpoint of {first.size - 1} lines" in missing.err


def test_status_tells_how_far_the_log_is_sealed(stage: Stage, cli: Cli, key: Path) -> None:
    """The newest checkpoint, what waits, and which key seals."""
    stage.propose()
    shape = cli("status", json=True).well().json["sealing"]
    last = seals(stage)[-1]
    public = public_key_of(key.read_text().partition("\n")[0])
    assert shape == {
        "sealed": last.size,
        "sealed_at": last.sealed_at,
        "waiting": 1,
        "key": public.id.hex(),
    }
    told = cli("status").well().out.replace("\n", " ")
    assert f"covers {last.size} lines, and 1 line not sealed yet" in told
    cli("log", "seal").well()
    assert "none waits" in cli("status").well().out


def test_status_of_a_log_without_a_key_says_so(stage: Stage, cli: Cli) -> None:
    """And of one whose key has sealed nothing yet."""
    shape = cli("status", json=True).well().json["sealing"]
    assert shape == {"sealed": 0, "sealed_at": None, "waiting": waiting(stage), "key": None}
    assert "the log has no key" in cli("status").well().out
    query(stage.url, "INSERT INTO signing_key VALUES (1, 1, 'TOR+12345678+xyz')")
    assert "no checkpoint" in cli("status").well().out.replace("\n", " ")


def test_doctor_notes_a_log_without_a_key(stage: Stage, cli: Cli, tmp_path: Path) -> None:
    """And is content with one whose key is where it is looked for."""

    def about(name: str) -> list[str]:
        checks = run("--db", stage.path, "--json", "doctor").json
        return [one["status"] for one in checks if one["name"] == name]

    assert about("sealing") == ["note"]
    assert about("sealing key") == []
    configure(tmp_path / "home", '[sealing]\nkey = "seal.key"\n')
    cli("log", "key", "create", actor="admin").well()
    assert about("sealing") == ["ok"]
    assert about("sealing key") == ["ok"]


def test_doctor_finds_lines_that_nobody_sealed_for_days(staged: Staging) -> None:
    """Two days are a weekend's; more, and something is wrong with what seals."""
    city = staged(sandbox=False).with_people()
    city_cli(city, "log", "key", "create").well()

    def found() -> str:
        checks = run("--db", city.path, "--json", "doctor").json
        [one] = [one for one in checks if one["name"] == "sealing"]
        return f"{one['status']}: {one['message']}"

    assert found().startswith("ok")
    city.propose()
    assert found().startswith("ok")
    query(city.url, "DROP TRIGGER seal_no_update")
    query(city.url, "UPDATE seal SET sealed_at = '2026-01-02T00:00:00.000000Z'")
    assert found() == "finding: nothing of the log of TOR was sealed since 2026-01-02: 1 wait"
    query(city.url, "DROP TRIGGER seal_no_delete")
    query(city.url, "DELETE FROM seal")
    assert "was sealed yet" in found()


def test_scheduler_seals_between_nights(stage: Stage, key: Path) -> None:
    """With each look, where anything waits; a key that is gone stops nothing else."""

    def look() -> Ran:
        line = ("--db", stage.path, "--today", stage.day, "--as", "system", "scheduler", "--once")
        return run(*line).well()

    look()
    assert waiting(stage) == 0
    many = len(seals(stage))
    assert "sealed" not in look().err
    assert len(seals(stage)) == many
    stage.propose()
    assert "sealed" in {one["event"] for one in said(look().err)}
    assert (waiting(stage), len(seals(stage))) == (0, many + 1)
    stage.propose()
    key.unlink()
    [told] = [one for one in said(look().err) if one["event"] == "not sealed"]
    assert "can't be read" in told["cause"]
    assert told["hint"]
    assert waiting(stage) == 1


def test_scheduler_seals_nothing_without_a_key(stage: Stage) -> None:
    """And says no word of it with each look."""
    line = ("--db", stage.path, "--today", stage.day, "--as", "system", "scheduler", "--once")
    run(*line).well()
    stage.propose()
    assert "sealed" not in run(*line).well().err
    assert waiting(stage) > 0


def test_long_seal_shows_how_far_it_is(stage: Stage, cli: Cli, key: Path) -> None:
    """To people on a terminal."""
    del cli, key
    cheap(stage, 20_500)
    ran = on_terminal("--db", stage.path, "log", "seal").well()
    assert "Sealing" in ran.out
    assert "Sealed 20,500 lines" in ran.out
