"""Who decides, on the command line: approvals, waivers, bodies, and a day among several people."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import partial
from pathlib import Path

import pytest

from cli.output.document import document_toml, toml_of
from lifecycle.amending import amend, correct
from lifecycle.correcting import Instead, correct_sheet
from lifecycle.taking_back import take_back
from lifecycle.voiding import void
from states.records import Score
from states.ref import Ref
from states.vocabulary import Outcome, State, Trigger
from tests.builders import ANNA, DORA, SAMPLES, complete_agreement, evaluation, score_sheet
from tests.cli.conftest import Cli
from tests.cli.running import Ran, on_terminal, run
from tests.cli.test_life import SCORES
from tests.stage import Stage

RENAMED = "Trade, culture and innovation with Chongqing"


@dataclass(frozen=True, slots=True)
class City:
    """A real program: sam is admin, anna and bo are staff, dora and erin decide."""

    database: Path

    def __call__(self, actor: str, *line: object, stdin: str | None = None) -> Ran:
        """Run a command line under a name."""
        return run("--db", self.database, "--as", actor, *line, stdin=stdin)


@pytest.fixture(autouse=True)
def _wide(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave room for whole lines in tables."""
    monkeypatch.setenv("COLUMNS", "180")


@pytest.fixture
def city(tmp_path: Path) -> City:
    """Return a real program with its people."""
    made = City(tmp_path / "city.db")
    made("sam", "init").well()
    for name, role in (("anna", "staff"), ("bo", "staff"), ("dora", "decider")):
        made("sam", "role", "grant", name, role).well()
    made("sam", "role", "grant", "erin", "decider").well()
    made("sam", "role", "grant", "cron", "scheduler").well()
    return made


@pytest.fixture
def sample(tmp_path: Path) -> Path:
    """Return the sample document with its years moved into those to come."""
    later = date.today().year - 2026  # noqa: DTZ011 - a real database goes by the clock
    text = (SAMPLES / "agreement.toml").read_text(encoding="utf-8")
    file = tmp_path / "agreement.toml"
    file.write_text(re.sub(r"\b20\d\d\b", lambda year: str(int(year[0]) + later), text))
    return file


@pytest.fixture
def renamed(stage: Stage, tmp_path: Path) -> Callable[[Ref], Path]:
    """Return what writes an agreement's document under another title to a file."""

    def write(ref: Ref) -> Path:
        file = tmp_path / f"{ref}.toml"
        document = replace(stage.document(ref), title=RENAMED)
        file.write_text(document_toml(ref, stage.standing(ref).version, document))
        return file

    return write


def flat(ran: Ran) -> str:
    """Return what a run wrote without its line breaks."""
    return " ".join(ran.out.split())


def test_a_day_among_several_people(city: City, sample: Path) -> None:
    """Staff draft, a decider approves, staff carry out; a council decides by its item."""
    ref = city("anna", "propose", sample, "--json").well().json["ref"]
    city("anna", "advance", ref, "submit").well()
    city("anna", "score", ref, "--file", "-", stdin=SCORES).well()

    denied = city("anna", "advance", ref, "accept").badly(1)
    assert f"lifecycle approve {ref} accept" in flat(denied)
    waiting = city("anna", "check", ref, "accept").badly(1)
    assert "ready, but not yours" in waiting.out
    assert "who:   dora, erin" in waiting.out
    assert "approve was refused" in city("anna", "approve", ref, "accept").badly(1).out

    approved = city("dora", "approve", ref, "accept").well()
    assert "accept is approved by dora, good until" in flat(approved)
    assert f"lifecycle advance {ref} accept" in flat(approved)
    assert "approved by dora until" in flat(city("anna", "check", ref, "accept").well())
    assert "Approved by dora." in flat(city("anna", "advance", ref, "accept").well())

    council = ["--on-behalf-of", "City Council"]
    assert "--item" in city("bo", "advance", ref, "sign", *council).badly(1).out
    signed = city("bo", "advance", ref, "sign", *council, "--item", "EX12.3").well()
    assert "On behalf of City Council, EX12.3." in flat(signed)

    log = flat(city("anna", "log", ref).well())
    for piece in ("accept approved until", "approved by dora", "on behalf of City Council, EX12.3"):
        assert piece in log
    why = flat(city("anna", "log", "why", ref).well())
    assert "bo (a name that was asserted), as staff" in why
    city("anna", "log", "replay").well()
    city("anna", "db", "check").well()


def test_a_policy_is_approved_by_one_decider_and_adopted_by_another(city: City) -> None:
    """The first order says plainly that nothing is in force yet; the second one puts it there."""
    order = ("policy", "adopt", "toronto-2024")
    rehearsed = city("dora", *order, "--dry-run", "--json").well().json
    assert (rehearsed["event"], rehearsed["in_force"]) == ("approved", False)
    first = city("dora", *order).well()
    assert "approved by dora" in flat(first)
    assert "not in force yet" in flat(first)
    assert "lifecycle policy adopt toronto-2024" in flat(first)
    assert "Toronto 2018" in city("anna", "policy").out
    second = city("erin", *order, "--json").well().json
    assert (second["event"], second["in_force"]) == ("policy_adopted", True)
    assert second["approver"] == "dora"
    assert "approved, from" in flat(city("anna", "log"))


def test_a_council_adopts_a_policy_through_staff(city: City) -> None:
    """Its item is asked for; a body that the policy does not know is bad input."""
    line = ["policy", "adopt", "toronto-2024", "--on-behalf-of"]
    [error] = city("anna", *line, "Nobody", "--json").badly(2).errors
    assert (error["code"], error["key"]) == ("unknown_body", "on-behalf-of")
    city("anna", *line, "City Council").badly(1)
    approved = city("anna", *line, "City Council", "--item", "EX1.1").well()
    assert "On behalf of City Council, EX1.1." in flat(approved)
    assert "Approved by anna." in flat(city("dora", "policy", "adopt", "toronto-2024").well())


def test_an_approval_ends_with_the_role_of_its_giver(stage: Stage, cli: Cli) -> None:
    """`show` has it still, says that it stands no more, and why."""
    ref = stage.reach(State.DECISION)
    stage.score(ref)
    for name, role in (("anna", "staff"), ("dora", "decider")):
        cli("role", "grant", name, role, actor="sam").well()
    cli("approve", ref, "accept", actor="dora").well()
    [given] = cli("show", ref, json=True).well().json["approvals"]
    assert (given["deed"], given["by"], given["stands"], given["lapsed"]) == (
        "accept",
        "dora",
        True,
        None,
    )
    assert "accept approved by dora until" in cli("show", ref).well().out
    cli("role", "revoke", "dora", "decider", actor="sam").well()
    cli("role", "grant", "dora", "decider", actor="sam").well()
    [given] = cli("show", ref, json=True).well().json["approvals"]
    assert (given["stands"], given["lapsed"]) == (False, "dora has not remained decider")
    assert "stands no more: dora has not remained decider" in flat(cli("show", ref))
    cli("advance", ref, "accept").badly(1)


def test_an_amendment_is_approved_for_exactly_one_document(
    stage: Stage, cli: Cli, renamed: Callable[[Ref], Path]
) -> None:
    """The same document goes through by somebody else; any other one does not."""
    ref = stage.reach(State.ACTIVE)
    receipt = cli("approve", ref, "amend", "--file", renamed(ref), actor="dora", json=True).well()
    assert (receipt.json["event"], receipt.json["deed"]) == ("approved", "amend")
    assert [change["key"] for change in receipt.json["changes"]] == ["title"]
    assert receipt.json["until"] > stage.day.isoformat()
    current = stage.document(ref)
    for title, outcome in (("Another one", Outcome.REFUSED), (RENAMED, Outcome.OK)):
        document = replace(current, title=title)
        done = stage.do(partial(amend, ref=ref, agreement=document))
        assert done.outcome is outcome
    assert stage.last(ref).approver == DORA
    assert "amended" in cli("log", ref).well().out


@pytest.mark.parametrize("word", ["amend", "correct"])
def test_a_dry_run_shows_the_difference_and_approves_nothing(
    stage: Stage, cli: Cli, renamed: Callable[[Ref], Path], word: str
) -> None:
    """What was there, what would be there, and which command would carry it out."""
    ref = stage.reach(State.ACTIVE)
    file, lines = renamed(ref), len(stage.raw(ref))
    ran = cli("approve", ref, word, "--file", file, "--dry-run", actor="dora").well()
    assert "  - Trade and innovation with Chongqing\n" in ran.out
    assert f"  + {RENAMED}\n" in ran.out
    assert f"lifecycle {word} {ref} --file" in flat(ran)
    assert len(stage.raw(ref)) == lines


@pytest.mark.parametrize(("answer", "code"), [("y", 0), ("n", 1)])
def test_on_a_terminal_it_is_shown_and_asked(
    stage: Stage, renamed: Callable[[Ref], Path], answer: str, code: int
) -> None:
    """A decider reads the difference before saying yes; a no changes nothing."""
    ref = stage.reach(State.ACTIVE)
    everywhere = ["--db", stage.path, "--as", "dora", "--today", stage.day]
    line = ["approve", ref, "amend", "--file", renamed(ref)]
    ran = on_terminal(*everywhere, *line, typed=[answer])
    assert ran.code == code, ran.out
    assert ran.out.index(RENAMED) < ran.out.index("Approve exactly this?")
    assert len(stage.standing(ref).approvals) == 1 - code


def test_a_correction_of_the_document_is_approved_as_it_is_written(
    stage: Stage, cli: Cli, renamed: Callable[[Ref], Path]
) -> None:
    """New projects get the same ids in the approval as in the correction."""
    ref = stage.reach(State.ACTIVE)
    file = renamed(ref)
    text = file.read_text().replace('id = "first-mission"\n', "")
    file.write_text(text.replace('"First mission"', '"Opening mission"'))
    cli("approve", ref, "correct", "--file", file, actor="dora").well()
    document = stage.document(ref)
    milestones = tuple(replace(one, id="", name="Opening mission") for one in document.milestones)
    wanted = replace(document, title=RENAMED, milestones=milestones)
    assert stage.do(lambda u, o: correct(u, o, ref, wanted)).outcome is Outcome.OK
    assert "document corrected" in cli("log", ref).well().out


def test_a_sheet_is_corrected_as_it_was_approved(stage: Stage, cli: Cli, tmp_path: Path) -> None:
    """Scores and evaluation: the line that brought them, and the sheet that takes their place."""
    ref = stage.reach(State.DECISION)
    stage.score(ref)
    n, sheet = stage.standing(ref).score_n or 0, score_sheet(criteria=None)
    first, *_others = sheet.scores
    sheet = replace(sheet, scores={**sheet.scores, first: Score(2, "Read wrongly.")})
    file = tmp_path / "scores.toml"
    file.write_text(toml_of(sheet))
    line = ["approve", ref, "correct", "--entry", n, "--file", file]
    changes = cli(*line, actor="dora", json=True).well().json["changes"]
    assert {change["key"] for change in changes} == {
        f"scores.{first}.value",
        f"scores.{first}.evidence",
    }
    done = stage.do(lambda u, o: correct_sheet(u, o, ref, Instead(n, sheet)))
    assert done.outcome is Outcome.OK
    assert f"scores of line {n} corrected" in flat(cli("log", ref))


def test_an_evaluation_is_corrected_as_it_was_approved(
    stage: Stage, cli: Cli, tmp_path: Path
) -> None:
    """The same for the sheet of a term's end."""
    ref = stage.reach(State.EVALUATION)
    stage.evaluate(ref)
    n, sheet = stage.standing(ref).evaluation_n or 0, evaluation()
    sheet = replace(sheet, agreement=replace(sheet.agreement, outcome="partly"))
    file = tmp_path / "evaluation.toml"
    file.write_text(toml_of(sheet))
    cli("approve", ref, "correct", "--entry", n, "--file", file, actor="dora").well()
    done = stage.do(lambda u, o: correct_sheet(u, o, ref, Instead(n, sheet)))
    assert done.outcome is Outcome.OK


def test_taking_the_last_step_back_is_approved_by_its_line(stage: Stage, cli: Cli) -> None:
    """What it was and where it goes back to is told first."""
    ref = stage.reach(State.SIGNED)
    n = stage.standing(ref).moved_n
    line = ["approve", ref, "correct", "--entry", n]
    shown = cli(*line, "--dry-run", actor="erin").well()
    assert f"Line {n} of {ref} is taken back: sign: negotiation → signed, by dora" in flat(shown)
    assert "goes back to negotiation" in flat(shown)
    cli(*line, actor="erin").well()
    assert stage.do(lambda u, o: take_back(u, o, ref, n)).outcome is Outcome.OK
    assert f"line {n} taken back → negotiation" in flat(cli("log", ref))
    assert f"line {n} taken back" in flat(cli("log", "why", ref, stage.standing(ref).n))


@pytest.mark.parametrize("duplicate", [True, False])
def test_voiding_is_approved_and_then_told_everywhere(
    stage: Stage, cli: Cli, *, duplicate: bool
) -> None:
    """An agreement that was voided is marked in the list, on its page, in check and on the log."""
    other, ref = stage.propose(), stage.reach(State.DECISION)
    same_as = other if duplicate else None
    line = ["approve", ref, "void", *(["--same-as", other] if duplicate else [])]
    shown = flat(cli(*line, "--dry-run", actor="dora").well())
    assert (f"as a duplicate of {other}" if duplicate else "as entered in error") in shown
    assert f"lifecycle correct {ref} --void" in shown
    cli(*line, actor="dora").well()
    assert stage.do(lambda u, o: void(u, o, ref, same_as)).outcome is Outcome.OK
    words = f"a duplicate of {other}" if duplicate else "entered in error"
    assert words in flat(cli("show", ref).well())
    assert words in flat(cli("check", ref).well())
    assert f"voided, {words}" in flat(cli("log", ref).well())
    shown = cli("show", ref, json=True).well().json
    assert (shown["status"], shown["voided"]) == (["void"], str(other) if duplicate else "error")
    row = cli("list", json=True).well().json[1]
    assert (row["ref"], row["status"]) == (str(ref), ["void"])
    assert "decision, void" in cli("list").well().out
    [step] = cli("check", ref, "accept", json=True).badly(1).json
    assert step["unmet"][0]["code"] == "agreement.void"


@pytest.mark.parametrize(
    "line",
    [
        ["submit"],
        ["dance"],
        ["accept", "--file", "{document}"],
        ["accept", "--entry", "2"],
        ["amend"],
        ["amend", "--entry", "2"],
        ["amend", "--file", "{document}"],
        ["amend", "--file", "{other}"],
        ["amend", "--file", "nowhere.toml"],
        ["correct"],
        ["correct", "--file", "{document}", "--same-as", "{ref}"],
        ["correct", "--entry", "99"],
        ["correct", "--entry", "1"],
        ["correct", "--entry", "{score}"],
        ["correct", "--entry", "{record}"],
        ["correct", "--entry", "1", "--file", "{document}"],
        ["void", "--same-as", "{ref}"],
        ["void", "--same-as", "TOR-2026-999"],
        ["accept", "--on-behalf-of", "Nobody"],
        ["accept", "--effective", "2099-01-01"],
    ],
)
def test_what_can_not_be_approved_is_bad_input(
    stage: Stage, cli: Cli, tmp_path: Path, line: list[str]
) -> None:
    """Exit 2, told what is amiss; an approval that could never be carried out is not given."""
    ref = stage.reach(State.NEGOTIATION)
    cli("record", ref, "note", "text=Called them").well()
    names = {
        "ref": ref,
        "score": stage.standing(ref).score_n,
        "record": stage.standing(ref).n,
        "document": tmp_path / "same.toml",
        "other": tmp_path / "other.toml",
    }
    same = document_toml(ref, stage.standing(ref).version, stage.document(ref))
    (tmp_path / "same.toml").write_text(same)
    (tmp_path / "other.toml").write_text(same.replace(str(ref), "TOR-2026-777"))
    lines = len(stage.raw(ref))
    cli("approve", ref, *(word.format(**names) for word in line), actor="dora").badly(2)
    assert len(stage.raw(ref)) == lines


def test_a_document_that_is_older_than_the_record_is_not_approved(
    stage: Stage, cli: Cli, renamed: Callable[[Ref], Path]
) -> None:
    """The version on top of the file says what its writer had read."""
    ref = stage.reach(State.ACTIVE)
    file = renamed(ref)
    stage.apply(ref, replace(stage.document(ref), owner="bo"))
    ran = cli("approve", ref, "amend", "--file", file, actor="dora", json=True).badly(1)
    assert [unmet["code"] for unmet in ran.json["unmet"]] == ["version_conflict"]


def test_a_waived_condition_lets_one_step_pass(stage: Stage, cli: Cli) -> None:
    """It is told as waived wherever it was told as unmet, and by whom."""
    agreement = complete_agreement(renewal_guidelines="")
    ref = stage.along((Trigger.SUBMIT, Trigger.ACCEPT), agreement)
    cli("advance", ref, "sign", actor="dora").badly(1)
    line = ["waive", ref, "guidelines_stated:renewal.missing", "--for", "sign", "-m", "In May"]
    receipt = cli(*line, "--dry-run", actor="erin", json=True).well().json
    assert receipt["waived"]["for"] == "sign"
    waived = cli(*line, actor="erin").well()
    assert "guidelines_stated:renewal.missing is waived for sign by erin" in flat(waived)
    assert f"lifecycle check {ref} sign" in waived.out
    told = cli("check", ref, "sign", actor="dora").well()
    assert "waived by erin: The renewal guidelines are not stated." in flat(told)
    [step] = cli("check", ref, "sign", actor="dora", json=True).well().json
    assert [unmet["waived_by"] for unmet in step["unmet"] if unmet["waived_by"]] == ["erin"]
    [given] = cli("show", ref, json=True).well().json["waivers"]
    assert (given["code"], given["trigger"], given["stands"]) == ("renewal.missing", "sign", True)
    assert "renewal.missing waived by erin for sign" in flat(cli("show", ref).well())
    assert "waived for sign" in flat(cli("log", ref).well())
    cli("advance", ref, "sign", actor="erin").badly(1)
    cli("advance", ref, "sign", actor="dora").well()
    assert "waived" in cli("log", "why", ref).well().out


@pytest.mark.parametrize(
    "line",
    [
        ["guidelines_stated:renewal.missing", "--for", "sign"],
        ["guidelines_stated:renewal.missing", "-m", "no step"],
        ["guidelines_stated", "--for", "sign", "-m", "no code"],
        [":renewal.missing", "--for", "sign", "-m", "no guard"],
        ["guidelines_stated:termination.missing", "--for", "sign", "-m", "not unmet"],
        ["guidelines_stated:renewal.missing", "--for", "sing", "-m", "no trigger"],
    ],
)
def test_what_can_not_be_waived_is_bad_input(stage: Stage, cli: Cli, line: list[str]) -> None:
    """Exit 2, told what is amiss, and no line."""
    agreement = complete_agreement(renewal_guidelines="")
    ref = stage.along((Trigger.SUBMIT, Trigger.ACCEPT), agreement)
    lines = len(stage.raw(ref))
    cli("waive", ref, *line, actor="erin").badly(2)
    assert len(stage.raw(ref)) == lines


def test_who_drafted_it_waives_nothing(stage: Stage, cli: Cli) -> None:
    """Exit 1, and the refusal is on the log."""
    agreement = complete_agreement(renewal_guidelines="")
    ref = stage.along((Trigger.SUBMIT, Trigger.ACCEPT), agreement)
    line = ["waive", ref, "guidelines_stated:renewal.missing", "--for", "sign", "-m", "In May"]
    ran = cli(*line, actor=ANNA).badly(1)
    assert "waive was refused" in ran.out
    assert stage.last(ref).outcome is Outcome.REFUSED


def test_a_policy_waits_for_its_second_decider_over_night(stage: Stage, cli: Cli) -> None:
    """The same command the day after takes the day that was approved."""
    for name in ("dora", "erin"):
        cli("role", "grant", name, "decider", actor="sam").well()
    first = cli("policy", "adopt", "toronto-2024", actor="dora", json=True).well().json
    stage.day += timedelta(days=3)
    second = cli("policy", "adopt", "toronto-2024", actor="erin", json=True).well().json
    assert second["event"] == "policy_adopted"
    assert second["effective_on"] == first["effective_on"]
