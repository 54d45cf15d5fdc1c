"""`lifecycle apply` and `lifecycle diff`: whole documents, all or none, and what they change."""

from pathlib import Path

import pytest

from states.ref import Ref
from tests.cli.conftest import Cli
from tests.stage import Stage


@pytest.fixture
def file(tmp_path: Path, cli: Cli, ref: Ref) -> Path:
    """Return a file with the proposal's document."""
    path = tmp_path / "agreement.toml"
    path.write_text(cli("show", ref, "--document").well().out)
    return path


def change(file: Path, old: str, new: str) -> Path:
    """Change what a file says."""
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new))
    return file


def test_a_document_becomes_that_of_its_agreement(cli: Cli, file: Path) -> None:
    """`apply` gives an array of receipts, and the version goes up by one."""
    [receipt] = cli("apply", change(file, "2029-12-31", "2030-12-31"), json=True).well().json
    assert (receipt["event"], receipt["outcome"], receipt["version"]) == ("edited", "ok", 2)
    assert receipt["changes"] == [
        {"key": "term.end", "before": "2029-12-31", "after": "2030-12-31"}
    ]


def test_a_key_left_out_is_removed(cli: Cli, file: Path, ref: Ref) -> None:
    """The document is whole: what it does not say is no longer so."""
    change(file, 'role = "catalyst"\n', "")
    cli("apply", file).well()
    assert cli("show", ref, json=True).well().json["document"]["role"] is None


def test_a_dry_run_shows_the_difference(cli: Cli, file: Path, ref: Ref) -> None:
    """`apply --dry-run` prints what would change, and stores nothing."""
    text = cli("apply", "--dry-run", change(file, "2029-12-31", "2030-12-31")).well().out
    assert "term.end\n  - 2029-12-31\n  + 2030-12-31\n" in text
    assert cli("show", ref, json=True).well().json["version"] == 1


def test_a_document_of_an_older_version_is_refused(stage: Stage, cli: Cli, file: Path) -> None:
    """Nobody's change is overwritten unseen: exit 1, code version_conflict, on the log."""
    cli("apply", change(file, "2029-12-31", "2030-12-31")).well()
    ran = cli("apply", change(file, "2030-12-31", "2031-12-31"), json=True).badly(1)
    assert ran.json[0]["unmet"][0]["code"] == "version_conflict"
    assert stage.last(Ref.parse(ran.json[0]["ref"])).outcome == "refused"


def test_several_documents_are_applied_together(cli: Cli, file: Path, tmp_path: Path) -> None:
    """A document without `ref` among them is proposed in the same transaction."""
    new = tmp_path / "new.toml"
    new.write_text('type = "partnership"\ntitle = "New"\n')
    change(file, "2029-12-31", "2030-12-31")
    ran = cli("apply", file, new, "--idempotency-key", "k", json=True).well()
    assert [one["event"] for one in ran.json] == ["edited", "created"]
    again = cli("apply", file, new, "--idempotency-key", "k", json=True).well()
    assert [one["repeated"] for one in again.json] == [True, True]


def test_of_several_documents_all_are_applied_or_none(
    stage: Stage, cli: Cli, file: Path, tmp_path: Path
) -> None:
    """One refusal holds the others back; only the refusal is on the log."""
    other = stage.propose()
    stale = tmp_path / "stale.toml"
    text = cli("show", other, "--document").well().out
    stale.write_text(text.replace("version = 1", "version = 7").replace("2029-12-31", "2031-12-31"))
    new = tmp_path / "new.toml"
    new.write_text('type = "partnership"\ntitle = "New"\n')
    before = len(cli("list", json=True).well().json)
    ran = cli("apply", change(file, "2029-12-31", "2030-12-31"), stale, new, json=True).badly(1)
    codes = [one["unmet"][0]["code"] for one in ran.json]
    assert codes == ["other_refused", "version_conflict", "other_refused"]
    assert (ran.json[0]["version"], ran.json[2]["ref"]) == (1, None)
    assert len(cli("list", json=True).well().json) == before
    assert [entry.event for entry in stage.entries(other)] == ["created", "refused"]
    assert not stage.verify()


def test_errors_of_all_files_are_told_at_once(cli: Cli, tmp_path: Path) -> None:
    """Every file is read before any is applied, and all mistakes come in one answer."""
    bad = []
    for number in range(2):
        bad.append(tmp_path / f"{number}.toml")
        bad[-1].write_text('type = 3\ntitel = "x"\n')
    errors = cli("apply", *bad, json=True).badly(2).errors
    assert {error["file"] for error in errors} == set(map(str, bad))
    assert {error["key"] for error in errors} >= {"type", "titel", "title"}


def test_the_same_agreement_twice_is_bad_input(cli: Cli, file: Path, tmp_path: Path) -> None:
    """Two files that say what one agreement is contradict each other."""
    twin = tmp_path / "twin.toml"
    twin.write_text(file.read_text())
    assert cli("apply", file, twin, json=True).badly(2).errors[0]["code"] == "repeated"


def test_standard_input_is_read_once(cli: Cli) -> None:
    """`-` can stand for one file only."""
    cli("apply", "-", "-", stdin="").badly(2)


@pytest.mark.parametrize("head", ['ref = "x"', "ref = 3", "version = true", 'version = "1"'])
def test_a_bad_reference_or_version_is_bad_input(cli: Cli, file: Path, head: str) -> None:
    """Both keys are checked like any other."""
    change(
        file, "version = 1\n" if head.startswith("version") else 'ref = "TOR-2026-001"', head + "\n"
    )
    cli("apply", file).badly(2)


def test_an_agreement_that_there_is_not_is_bad_input(cli: Cli, file: Path) -> None:
    """A reference that nobody has ends with 2."""
    change(file, "TOR-2026-001", "TOR-2026-999")
    assert cli("apply", file, json=True).badly(2).errors[0]["code"] == "unknown_ref"


def test_diff_shows_what_changed_between_versions(cli: Cli, file: Path, ref: Ref) -> None:
    """Without versions the last change; with one, from it to now; with two, between them."""
    cli("apply", change(file, "2029-12-31", "2030-12-31")).well()
    change(file, "version = 1", "version = 2")
    cli("apply", change(file, "2030-12-31", "2031-12-31")).well()
    assert "- 2030-12-31\n  + 2031-12-31" in cli("diff", ref).well().out
    whole = cli("diff", ref, "1", json=True).well().json
    assert whole == [{"key": "term.end", "before": "2029-12-31", "after": "2031-12-31"}]
    assert "+ 2030-12-31" in cli("diff", ref, "1", "2").well().out
    assert "Nothing has changed" in cli("diff", ref, "3", "3").well().out
    cli("diff", ref, "1", "9").badly(2)


def test_the_same_content_again_is_unchanged_whatever_version_it_names(
    cli: Cli, file: Path, ref: Ref
) -> None:
    """Applying one file twice is no conflict with oneself, and leaves no refusal on the log."""
    change(file, "2029-12-31", "2030-12-31")
    cli("apply", file).well()
    [receipt] = cli("apply", file, json=True).well().json
    assert (receipt["outcome"], receipt["version"]) == ("unchanged", 2)
    assert len(cli("log", ref, json=True).well().out.splitlines()) == 2


def test_a_version_without_a_ref_proposes_nothing(cli: Cli, file: Path, ref: Ref) -> None:
    """A document that lost its ref is no new proposal by accident."""
    change(file, f'ref = "{ref}"\n', "")
    [error] = cli("apply", file, json=True).badly(2).errors
    assert (error["code"], error["key"]) == ("missing_key", "ref")
    assert len(cli("list", json=True).well().json) == 1
