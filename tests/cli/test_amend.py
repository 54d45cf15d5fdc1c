"""`lifecycle amend`: what both sides newly agreed on, approved as exactly what it is."""

import shlex
from collections.abc import Callable
from pathlib import Path

import pytest

from states.ref import Ref
from states.vocabulary import Event, State, Trigger
from tests.builders import DORA
from tests.cli.conftest import Cli
from tests.cli.later import assented, document_file, of_file
from tests.cli.running import at_once, on_terminal
from tests.cli.test_edit import drafts
from tests.stage import Stage

Editing = Callable[[str], None]

MORE = ("target = 40", "target = 45")
RAISE = "path.write_text(path.read_text().replace('target = 40', 'target = 45'))"


@pytest.fixture
def active(stage: Stage) -> Ref:
    """Return an agreement in force."""
    return stage.reach(State.ACTIVE)


@pytest.fixture
def amended(cli: Cli, active: Ref, tmp_path: Path) -> Path:
    """Return the file of an amendment: a target is raised."""
    return document_file(cli, active, tmp_path / "amended.toml", MORE)


def target(stage: Stage, ref: Ref) -> int:
    """Return the target that was agreed on."""
    (project,) = stage.document(ref).projects
    return int(project.objectives[0].indicators[0].target or 0)


def test_what_somebody_else_approved_is_amended(
    stage: Stage, cli: Cli, active: Ref, amended: Path
) -> None:
    """Anna writes it, Dora approves exactly this file, and Anna carries it out with it."""
    assented(stage, active, "amend", of_file(stage, active, amended))
    receipt = cli("amend", active, "--file", amended, "-m", "Both agreed", json=True).well().json
    assert (receipt["outcome"], receipt["event"]) == ("ok", "amended")
    assert [(c["before"], c["after"]) for c in receipt["changes"]] == [("40", "45")]
    assert (target(stage, active), stage.last(active).approver) == (45, DORA)
    assert stage.verify() == []


@pytest.mark.parametrize("actor", ["anna", DORA])
def test_nobody_amends_alone(cli: Cli, active: Ref, amended: Path, actor: str) -> None:
    """Not who drafted it, and no decider either; the command to approve this file is told."""
    receipt = cli("amend", active, "--file", amended, actor=actor, json=True).badly(1).json
    (unmet,) = receipt["unmet"]
    assert unmet["code"] == "person.same"
    assert f"lifecycle approve {active} amend --file {amended}" in unmet["fix"]


def test_own_approval_is_nobody_elses(stage: Stage, cli: Cli, active: Ref, amended: Path) -> None:
    """Who approved a text does not amend with it: that would be one person."""
    assented(stage, active, "amend", of_file(stage, active, amended))
    cli("amend", active, "--file", amended, actor=DORA).badly(1)
    assert target(stage, active) == 40


def test_approval_of_another_content_does_not_count(
    stage: Stage, cli: Cli, active: Ref, amended: Path
) -> None:
    """Approved was 45; the file says 450 by now, and that is told."""
    n = assented(stage, active, "amend", of_file(stage, active, amended))
    amended.write_text(amended.read_text().replace("target = 45", "target = 450"))
    (unmet,) = cli("amend", active, "--file", amended, json=True).badly(1).json["unmet"]
    assert f"the approval of {DORA} (line {n}) is not for exactly this content" in unmet["fix"]
    assert (target(stage, active), stage.last(active).event) == (40, Event.REFUSED)


def test_approval_is_used_up_by_the_amendment(
    stage: Stage, cli: Cli, active: Ref, amended: Path
) -> None:
    """What was agreed on has changed, so that the same approval leads nowhere back."""
    before = document_file(cli, active, amended.with_name("before.toml"))
    subject = of_file(stage, active, amended)
    assented(stage, active, "amend", subject)
    cli("amend", active, "--file", amended).well()
    before.write_text(before.read_text().replace("\nversion = 5", ""))
    cli("amend", active, "--file", before).badly(1)
    assert stage.standing(active).approvals == ()


def test_text_from_the_editor_is_kept_for_who_approves_it(
    stage: Stage, cli: Cli, active: Ref, editing: Editing, home: Path
) -> None:
    """The refusal names the file that holds it; approved, it is amended with that very file."""
    editing(RAISE)
    ran = cli("amend", active).badly(1)
    (kept,) = drafts(home)
    told = " ".join(ran.out.split())
    assert f"lifecycle approve {active} amend --file" in told
    assert str(kept) in ran.err
    assented(stage, active, "amend", of_file(stage, active, kept))
    cli("amend", active, "--file", kept).well()
    assert target(stage, active) == 45


def test_what_only_wants_approval_is_not_opened_again(
    stage: Stage, active: Ref, editing: Editing, home: Path
) -> None:
    """No other text would help, so nobody is asked to write one."""
    editing(RAISE)
    line = ["--db", stage.path, "--as", "anna", "--today", stage.day, "amend", active]
    ran = on_terminal(*line)
    assert ran.code == 1
    assert "Open it again?" not in ran.out
    assert drafts(home)


def test_text_that_signing_would_refuse_can_be_opened_again(
    stage: Stage, active: Ref, editing: Editing
) -> None:
    """There, another text helps."""
    editing("path.write_text(path.read_text().replace('target = 40', 'target = 0'))")
    line = ["--db", stage.path, "--as", "anna", "--today", stage.day, "amend", active]
    assert "Open it again?" in on_terminal(*line, typed=["n"]).out


def test_dry_run_shows_the_difference_and_keeps_the_text(
    stage: Stage, cli: Cli, active: Ref, editing: Editing, home: Path
) -> None:
    """Nothing is stored, and what was written in the editor is not lost."""
    lines = len(stage.raw(active))
    editing(RAISE)
    ran = cli("amend", active, "--dry-run").badly(1)
    assert "- 40" in ran.out
    assert "+ 45" in ran.out
    assert len(stage.raw(active)) == lines
    assert drafts(home)


def test_an_untouched_document_changes_nothing(
    stage: Stage, cli: Cli, active: Ref, editing: Editing, home: Path
) -> None:
    """Leaving the editor without a change is no amendment, and no refusal."""
    lines = len(stage.raw(active))
    editing("pass")
    assert "left as it was" in cli("amend", active).well().err
    assert len(stage.raw(active)) == lines
    assert not drafts(home)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (("target = 40", "target = 0"), "measurable.indicator_missing"),
        (('owner = "anna"', 'owner = "ben"'), "document.kept"),
        (('type = "partnership"', 'type = "friendship"'), "document.type"),
        (("2029-12-31", "2027-06-30"), "term.too_short"),
    ],
)
def test_no_amendment_leads_to_what_signing_would_refuse(  # noqa: PLR0913, PLR0917 - fixtures
    stage: Stage, cli: Cli, active: Ref, tmp_path: Path, change: tuple[str, str], code: str
) -> None:
    """Not even an approved one: what `sign` asks for is asked again."""
    file = document_file(cli, active, tmp_path / "bad.toml", change)
    assented(stage, active, "amend", of_file(stage, active, file))
    unmet = cli("amend", active, "--file", file, json=True).badly(1).json["unmet"]
    assert code in [u["code"] for u in unmet]
    assert stage.standing(active).state is State.ACTIVE


@pytest.mark.parametrize("state", [State.NEGOTIATION, State.EVALUATION, State.SUNSET])
def test_only_what_is_in_force_is_amended(
    stage: Stage, cli: Cli, tmp_path: Path, state: State
) -> None:
    """Before, it is edited; afterwards there is nothing to agree on newly."""
    ref = stage.reach(state)
    file = document_file(cli, ref, tmp_path / "late.toml", MORE)
    receipt = cli("amend", ref, "--file", file, json=True).badly(1).json
    assert receipt["unmet"][0]["code"] == "not_in_this_state"


def test_another_agreements_document_is_not_taken(
    stage: Stage, cli: Cli, active: Ref, amended: Path
) -> None:
    """A wrong file is bad input, not a refusal on the log."""
    lines = len(stage.raw(active))
    amended.write_text(amended.read_text().replace(str(active), "TOR-2026-777"))
    assert "another agreement" in cli("amend", active, "--file", amended).badly(2).err
    assert len(stage.raw(active)) == lines


def test_document_that_somebody_changed_meanwhile_is_refused(
    stage: Stage, cli: Cli, active: Ref, amended: Path
) -> None:
    """The version in the file is that of the text as it was taken out."""
    other = document_file(cli, active, amended.with_name("o.toml"), ('"anna"', '"ben"'))
    cli("apply", other).well()
    assented(stage, active, "amend", of_file(stage, active, amended))
    unmet = cli("amend", active, "--file", amended, json=True).badly(1).json["unmet"]
    assert unmet[0]["code"] == "version_conflict"


def test_of_two_terminals_one_amends(stage: Stage, cli: Cli, active: Ref, amended: Path) -> None:
    """Both hold an approved text; the other is told that somebody was first."""
    longer = document_file(cli, active, amended.with_name("b.toml"), ("2029-12-31", "2030-12-31"))
    files = [amended, longer]
    assented(stage, active, "amend", of_file(stage, active, amended), actor=DORA)
    assented(stage, active, "amend", of_file(stage, active, longer), actor="eva")
    line = "--db", stage.path, "--as", "anna", "--today", stage.day, "--json", "amend", active
    receipts = [ran.json for ran in at_once(*((*line, "--file", file) for file in files))]
    assert sorted(receipt["outcome"] for receipt in receipts) == ["ok", "refused"]
    (refused,) = [r for r in receipts if r["outcome"] == "refused"]
    assert refused["unmet"][0]["code"] == "version_conflict"
    assert stage.verify() == []


def test_file_comes_with_the_amendment(
    stage: Stage, cli: Cli, active: Ref, amended: Path, tmp_path: Path
) -> None:
    """The signed paper stands on the line before, and a retry does neither again."""
    assented(stage, active, "amend", of_file(stage, active, amended))
    paper = tmp_path / "Amendment 1.pdf"
    paper.write_bytes(b"%PDF-1.7 signed")
    line = ["amend", active, "--file", amended, "--attach", paper, "--idempotency-key", "k1"]
    cli(*line).well()
    assert [e.event for e in stage.entries(active)[-2:]] == [Event.ATTACHED, Event.AMENDED]
    lines = len(stage.raw(active))
    assert cli(*line, json=True).well().json["repeated"]
    assert len(stage.raw(active)) == lines
    (kept,) = cli("show", active, "--attachments", json=True).well().json
    assert (kept["kind"], kept["name"]) == ("signed", "Amendment 1.pdf")


def test_refused_amendment_attaches_nothing(
    stage: Stage, cli: Cli, active: Ref, amended: Path, tmp_path: Path
) -> None:
    """Nothing is half done: the refusal alone is on the log, with its reasons."""
    paper = tmp_path / "a.pdf"
    paper.write_bytes(b"%PDF-1.7 signed")
    lines = len(stage.raw(active))
    ran = cli("amend", active, "--file", amended, "--attach", paper, json=True).badly(1)
    assert ran.json["n"] == len(stage.raw(active)) == lines + 1
    assert "Not attached, since it was refused: a.pdf" in ran.err
    last = stage.last(active)
    assert [g.code for g in last.guards if g.outcome == "unmet"] == ["person.same"]
    assert cli("show", active, "--attachments", json=True).well().json == []


def test_versions_and_terms_are_shown_across_amendments(
    stage: Stage, cli: Cli, active: Ref, amended: Path
) -> None:
    """What was agreed at any version, and in which term, can be read and compared."""
    old = stage.standing(active).version
    assented(stage, active, "amend", of_file(stage, active, amended))
    cli("amend", active, "--file", amended).well()
    assert "target = 40" in cli("show", active, "--version", old).well().out
    assert "target = 45" in cli("show", active, "--term", 1).well().out
    (change,) = cli("diff", active, json=True).well().json
    assert (change["before"], change["after"]) == ("40", "45")
    stage.pull(active, Trigger.TERMINATE)
    stage.pull(active, Trigger.RENEW)
    stage.pull(active, Trigger.RENEGOTIATE)
    assert "target = 45" in cli("show", active, "--term", 1).well().out
    assert "target =" not in cli("show", active, "--term", 2).well().out


def test_act_is_dated_and_cites_its_item(
    stage: Stage, cli: Cli, active: Ref, amended: Path
) -> None:
    """--effective, --on-behalf-of and --item stand on the line; an unknown body is bad input."""
    council = {"on_behalf_of": "City Council", "item": "EX1.2"}
    stage.approve(active, "amend", of_file(stage, active, amended), actor=DORA, **council)
    day = stage.day
    stage.on(day.replace(day=20))
    line = ["amend", active, "--file", amended, "--item", "EX1.2", "--effective", day]
    cli(*line, "--on-behalf-of", "Nobody").badly(2)
    cli(*line, "--on-behalf-of", "City Council").well()
    last = stage.last(active)
    assert (last.effective, last.item, last.on_behalf_of) == (day, "EX1.2", "City Council")


def test_document_comes_from_standard_input_too(
    stage: Stage, cli: Cli, active: Ref, amended: Path
) -> None:
    """Then no file can be named to who approves it, only that there must be one."""
    text = amended.read_text()
    (unmet,) = cli("amend", active, "--file", "-", stdin=text, json=True).badly(1).json["unmet"]
    assert unmet["fix"].endswith("amend --file FILE; then repeat yours")
    assented(stage, active, "amend", of_file(stage, active, amended))
    cli("amend", active, "--file", "-", stdin=text).well()


def test_path_that_a_shell_would_split_is_quoted(cli: Cli, active: Ref, amended: Path) -> None:
    """What is told can be pasted as it stands."""
    odd = amended.rename(amended.with_name("an amendment; final.toml"))
    (unmet,) = cli("amend", active, "--file", odd, json=True).badly(1).json["unmet"]
    assert shlex.quote(str(odd)) in unmet["fix"]
