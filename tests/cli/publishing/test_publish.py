"""`lifecycle publish`: the register as a website in a folder, written by one command."""

import re
from datetime import date, timedelta
from pathlib import Path

import pytest

from states.records import Record
from states.vocabulary import Event, State
from tests.builders import complete_agreement
from tests.cli.conftest import Cli
from tests.cli.running import process, run
from tests.stage import Stage


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return where a site is to be published."""
    (tmp_path / "www").mkdir()
    return tmp_path / "www" / "register"


def files_of(folder: Path) -> dict[Path, bytes]:
    """Return every file of a folder by its path."""
    return {
        path.relative_to(folder): path.read_bytes() for path in folder.rglob("*") if path.is_file()
    }


def test_publishing_twice_writes_once_and_checking_finds_nothing(cli: Cli, folder: Path) -> None:
    """The answer says what was written and where to look; `--check` right after is clean."""
    said = cli("publish", folder).well().out
    assert f"Published {folder}" in said
    assert f"Open file://{folder}/index.html" in said
    assert "Nothing was written" in cli("publish", folder).well().out
    assert "as it should be" in cli("publish", folder, "--check").well().out


def test_a_check_with_findings_ends_with_1_and_lists_them(cli: Cli, folder: Path) -> None:
    """So that monitoring can tell; the list is whole in JSON."""
    cli("publish", folder)
    (folder / "checkpoint.txt").write_text("by hand")
    assert (
        "Changed by hand (1):\n  checkpoint.txt" in cli("publish", folder, "--check").badly(1).out
    )
    found = cli("publish", folder, "--check", json=True).badly(1).json
    assert (found["ok"], found["altered"]) == (False, ["checkpoint.txt"])


def test_what_is_public_is_there_in_each_language_and_for_programs(
    stage: Stage, cli: Cli, folder: Path
) -> None:
    """A page each agreement, its JSON, the files that are public; every link leads somewhere."""
    ref = stage.reach(State.ACTIVE)
    hidden = stage.propose()
    for n in range(2):
        other = stage.reach(State.SIGNED, complete_agreement(title=f"Arts {n}"))
        stage.attach(other, "Signed copy.pdf", kind="signed", body=b"%PDF signed", public=True)
    stage.on(max(stage.day, date(2027, 3, 1)))
    cli("publish", folder).well()
    there = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    for name in ("index", "program", "policy", "checkpoint", "reports/index", f"agreements/{ref}"):
        assert {f"{name}.html", f"fr/{name}.html"} <= there
    assert {f"agreements/{ref}.json", "data/datapackage.json", "calendar.ics"} <= there
    assert not any(str(hidden) in path for path in there)
    [attached] = (path for path in there if path.startswith("files/"))
    assert (folder / attached).read_bytes() == b"%PDF signed"
    links = [
        (page, link)
        for page in there
        if page.endswith(".html")
        for link in re.findall(r'(?:href|src)="([^"#:]+)[^":]*"', (folder / page).read_text())
    ]
    away = [
        (page, link) for page, link in links if not (folder / page).parent.joinpath(link).exists()
    ]
    assert links
    assert away == []


def test_a_site_follows_from_the_log_and_the_day_alone(stage: Stage, folder: Path) -> None:
    """Whatever the machine's language, its time zone and the order of its sets."""
    stage.reach(State.ACTIVE)
    stage.attach(stage.reach(State.SIGNED), "a.pdf", public=True)
    other = {"PYTHONHASHSEED": "1", "TZ": "Pacific/Kiritimati", "LANG": "fr_CA", "LC_ALL": "C"}
    there = folder.with_name("there")
    line = ("--db", stage.path, "--today", stage.day, "publish")
    assert process(*line, there, env=other).code == 0
    run(*line, folder).well()
    assert files_of(there) == files_of(folder)


def test_a_day_on_which_nothing_happens_changes_no_page(
    stage: Stage, cli: Cli, folder: Path
) -> None:
    """But for the checkpoint's, which says of which day it is."""
    stage.reach(State.ACTIVE)
    stage.on(stage.day + timedelta(9))
    cli("publish", folder)
    stage.on(stage.day + timedelta(1))
    checked = cli("publish", folder, "--check", json=True).well().json
    assert set(checked["behind"]) == {"manifest.json", "checkpoint.html", "fr/checkpoint.html"}
    assert cli("publish", folder, json=True).well().json["changed"] == 2


def test_what_is_for_staff_goes_into_no_folder_that_the_public_sees(cli: Cli, folder: Path) -> None:
    """Nor below it, where it would be kept and served along."""
    cli("publish", folder).well()
    for where in (folder, folder / "staff", folder / "reports" / "staff"):
        line = ("publish", where, "--audience", "internal")
        assert "--audience public" in cli(*line).badly(2).err.replace("\n       ", " ")
    cli("publish", folder / "sister").well()
    assert "as it should be" in cli("publish", folder, "--check").well().out


def test_publishing_and_checking_write_nothing_to_the_log(cli: Cli, folder: Path) -> None:
    """Making a site is reading."""
    cli("publish", folder)
    cli("publish", folder, "--check")
    assert cli("publish", folder, "--dry-run", json=True).well().json["log"]["entries"] == 1


def test_a_published_checkpoint_is_held_against_the_log_and_not_written_over(
    stage: Stage, cli: Cli, folder: Path, tmp_path: Path
) -> None:
    """Once lines that the public was shown are gone, the site is evidence, and stays."""
    key = ("--key-file", tmp_path / "seal.key")
    cli("log", "key", "create", *key).well()
    stage.reach(State.ACTIVE)
    before = stage.path.read_bytes()
    cli("log", "seal", *key).well()
    cli("publish", folder).well()
    note = (folder / "checkpoint.txt").read_bytes()
    assert cli("log", "checkpoint").well().out.encode() == note
    assert cli("publish", folder, "--check", json=True).well().json["cut_off"] is False
    stage.end()
    stage.path.write_bytes(before)
    assert cli("publish", folder, "--check", json=True).badly(1).json["cut_off"] is True
    assert "changed or cut off" in " ".join(cli("publish", folder).badly(2).err.split())
    assert (folder / "checkpoint.txt").read_bytes() == note


def test_a_folder_that_is_not_ours_ends_with_2(cli: Cli, tmp_path: Path) -> None:
    """With what is wrong, where, and what to do."""
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "index.html").write_text("mine")
    [error] = cli("publish", tmp_path / "mine", json=True).badly(2).errors
    assert (error["code"], error["key"]) == ("not_ours", "DIR")
    assert error["file"] == str(tmp_path / "mine")
    assert error["hint"]


def test_r28_recording_notes_each_signed_agreement_once_what_stands_there(
    stage: Stage, cli: Cli, folder: Path
) -> None:
    """At its own page's address; again only when what stands there has changed."""
    ref, hidden = stage.reach(State.ACTIVE), stage.propose()
    url = "https://example.org/register"
    said = cli("publish", folder, "--record", f"{url}/").well().out
    assert f"Noted that 1 agreement is published at {url}." in said
    assert [line.event for line in stage.entries(ref)].count(Event.PUBLISHED) == 1
    assert Event.PUBLISHED not in {line.event for line in stage.entries(hidden)}
    [noted] = cli("show", ref, "--records", json=True).well().json
    assert noted["url"] == f"{url}/agreements/{ref}.html"
    cli("publish", folder, "--check").well()
    [receipt] = cli("publish", folder, "--record", url, json=True).well().json["published"]
    assert (receipt["ref"], receipt["outcome"]) == (str(ref), "unchanged")
    said = cli("publish", folder, "--record", url).well().out
    assert "Nothing new: that of 1 agreement at" in said
    stage.record(ref, Record("annual", stage.day, "A good year.", year=stage.day.year))
    cli("publish", folder, "--check").badly(1)
    [receipt] = cli("publish", folder, "--record", url, json=True).well().json["published"]
    assert receipt["outcome"] == "ok"


def test_a_site_for_staff_has_what_is_missing_and_stands_in_a_folder_of_its_own(
    stage: Stage, cli: Cli, folder: Path
) -> None:
    """The public's site has none of it, and neither is written over by the other."""
    ref, hidden = stage.reach(State.ACTIVE), stage.propose(complete_agreement(owner="zqowner"))
    cli("publish", folder).well()
    for_staff = folder.with_name("staff")
    cli("publish", for_staff, "--audience", "internal").well()
    assert {f"{ref}.html", f"{hidden}.html"} <= {
        p.name for p in (for_staff / "agreements").iterdir()
    }
    assert "zqowner" in (for_staff / "agreements" / f"{hidden}.html").read_text()
    assert not (folder / "agreements" / f"{hidden}.html").exists()
    cli("publish", folder, "--audience", "internal").badly(2)
    cli("publish", for_staff).badly(2)
    cli("publish", for_staff, "--audience", "internal", "--check").well()


def test_who_may_not_note_is_told_that_the_site_stands_all_the_same(cli: Cli, folder: Path) -> None:
    """What is refused is to note it; and where nothing was signed there is nothing to note."""
    line = ("publish", folder, "--record", "https://example.org")
    assert "No agreement is on it that was signed" in cli(*line).well().out
    cli("role", "grant", "bob", "staff").well()
    said = cli(*line, "--as", "nobody").badly(1).out
    assert "The site stands, and is not noted" in said


def test_a_rehearsed_recording_notes_nothing(stage: Stage, cli: Cli, folder: Path) -> None:
    """And writes no site."""
    ref = stage.reach(State.ACTIVE)
    line = ("publish", folder, "--record", "https://example.org", "--dry-run")
    [receipt] = cli(*line, json=True).well().json["published"]
    assert (receipt["outcome"], receipt["dry_run"]) == ("ok", True)
    assert Event.PUBLISHED not in {line.event for line in stage.entries(ref)}
    assert not folder.exists()


@pytest.mark.parametrize(
    "line",
    [
        ("--record", "example.org"),
        ("--record", "ftp://example.org"),
        ("--record", "https://anna:secret@example.org"),
        ("--record", "https://example.org/?a=b"),
        ("--record", "https://example.org/#top"),
        ("--record", "https://example.org/a/../b"),
        ("--record", "https://example.org", "--check"),
        ("--record", "https://example.org", "--audience", "internal"),
        ("--expect-version", "3"),
        ("-m", "Why not"),
    ],
)
def test_what_can_not_be_recorded_is_wrong_usage_and_writes_no_site(
    cli: Cli, folder: Path, line: tuple[str, ...]
) -> None:
    """An address is the web's, with nothing in it that pages' names could not follow."""
    cli("publish", folder, *line).badly(2)
    assert not folder.exists()
