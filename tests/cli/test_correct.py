"""`lifecycle correct`: what the record says otherwise than it was, by a compensating entry."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from states.records import Evaluation, Score, ScoreSheet
from states.ref import Ref
from states.schema import read
from states.vocabulary import Event, State, Trigger
from store.documents import read_toml
from tests.builders import DORA, complete_agreement, score_sheet
from tests.cli.conftest import Cli
from tests.cli.later import (
    assented,
    document_file,
    of_file,
    of_line,
    of_new_sheet,
    of_void,
)
from tests.cli.running import on_terminal
from tests.cli.test_edit import drafts
from tests.conftest import Staging
from tests.stage import NEXT_TERM, PATHS, Stage, with_cap

Editing = Callable[[str], None]

SPENT = ("value=500", "currency=CAD", "project=trade-mission", "year=2027", "text=Fares")


@pytest.fixture
def active(stage: Stage) -> Ref:
    """Return an agreement in force."""
    return stage.reach(State.ACTIVE)


@pytest.fixture
def spent(cli: Cli, active: Ref) -> int:
    """Return the line of an expenditure."""
    return int(cli("record", active, "expenditure", *SPENT, json=True).well().json["n"])


def records(cli: Cli, ref: Ref) -> list[dict[str, Any]]:
    """Return the records that count."""
    shown: list[dict[str, Any]] = cli("show", ref, "--records", json=True).well().json
    return shown


def test_keys_that_are_not_given_stay(stage: Stage, cli: Cli, active: Ref, spent: int) -> None:
    """Only what was wrong is said anew; the day is still that of the record."""
    stage.on(stage.day + timedelta(days=40))
    (before,) = records(cli, active)
    receipt = cli("correct", active, "--entry", spent, "value=550", json=True).well().json
    assert (receipt["event"], receipt["corrects"]) == ("corrected", spent)
    assert [(c["key"], c["before"], c["after"]) for c in receipt["changes"]] == [
        ("value", "500", "550")
    ]
    (after,) = records(cli, active)
    assert after == {**before, "n": receipt["n"], "value": "550", "corrects": spent}
    assert stage.verify() == []


def test_wrong_record_stays_on_the_log_and_counts_no_more(
    cli: Cli, active: Ref, spent: int
) -> None:
    """It is told with the line that it was on; the table and the page show what is right."""
    told = cli("correct", active, "--entry", spent, "value=550").well().out
    assert f"What line {spent} said counts no more" in told
    assert "500" not in cli("show", active, "--records").well().out
    assert "550" in cli("show", active).well().out
    assert "500" in cli("log", "show", active, "--with-text", json=True).well().out


def test_key_is_taken_away_by_saying_nothing(cli: Cli, active: Ref, spent: int) -> None:
    """`KEY=` alone leaves the key empty; one that the kind needs can't go."""
    cli("correct", active, "--entry", spent, "text=").well()
    (record,) = records(cli, active)
    assert not record["text"]
    cli("correct", active, "--entry", record["n"], "value=").badly(2)


def test_corrected_record_may_be_corrected_again(cli: Cli, active: Ref, spent: int) -> None:
    """By its own line; the first one has no record any more, and the right line is named."""
    n = cli("correct", active, "--entry", spent, "value=550", json=True).well().json["n"]
    ran = cli("correct", active, "--entry", spent, "value=600").badly(2)
    assert f"--entry {n}" in ran.err
    cli("correct", active, "--entry", n, "value=600").well()
    assert [record["value"] for record in records(cli, active)] == ["600"]


def test_record_is_retracted(stage: Stage, cli: Cli, active: Ref, spent: int) -> None:
    """What should never have been there is gone from every answer, and nothing takes its place."""
    cli("correct", active, "--entry", spent, "--void", "-m", "Another agreement's").well()
    assert records(cli, active) == []
    assert "no record yet" in cli("show", active, "--records").well().out
    cli("correct", active, "--entry", stage.standing(active).n, "--void").badly(2)
    assert stage.verify() == []


def test_record_comes_from_a_file(cli: Cli, active: Ref, spent: int, tmp_path: Path) -> None:
    """One record of the same kind, as a whole."""
    file = tmp_path / "right.toml"
    right = '[[records]]\nvalue = 550\ncurrency = "CAD"\nproject = "trade-mission"\nyear = 2027\n'
    file.write_text(right * 2)
    assert "one record" in cli("correct", active, "--entry", spent, "--file", file).badly(2).err
    file.write_text('[[records]]\nkind = "note"\ntext = "no"\n')
    cli("correct", active, "--entry", spent, "--file", file).badly(2)
    file.write_text(right)
    cli("correct", active, "--entry", spent, "--file", file).well()
    assert [(r["value"], r["text"]) for r in records(cli, active)] == [("550", "")]


@pytest.mark.parametrize(
    "words",
    [
        ["value=500"],
        ["value=many"],
        ["on=2099-01-01"],
        ["kind=note"],
        ["value"],
        [],
        ["value=1", "--void"],
        ["value=1", "--effective", "2027-01-01"],
        ["--same-as", "TOR-2026-001"],
        ["value=1", "--file", "x.toml"],
    ],
    ids=" ".join,
)
def test_what_says_nothing_right_is_bad_input(
    stage: Stage, cli: Cli, active: Ref, spent: int, words: list[str]
) -> None:
    """It is told, and nothing is stored."""
    lines = len(stage.raw(active))
    cli("correct", active, "--entry", spent, *words).badly(2)
    assert len(stage.raw(active)) == lines


@pytest.mark.parametrize("words", [["--same-as", "TOR-2026-002"], ["value=3"]])
def test_what_is_meant_must_be_said(cli: Cli, active: Ref, words: list[str]) -> None:
    """A duplicate is voided; a value stands in some line."""
    cli("correct", active, *words).badly(2)


def test_wrong_line_is_told_with_those_that_can_be_corrected(
    cli: Cli, active: Ref, spent: int
) -> None:
    """Records, the present sheets and the last transition, each with its line."""
    ran = cli("correct", active, "--entry", 1).badly(2)
    for words in (f"--entry {spent}  a record: expenditure", "the scores", "the last transition"):
        assert words in " ".join(ran.err.split()).replace(f"{spent} a", f"{spent}  a")
    (error,) = cli("correct", active, "--entry", 999, json=True).badly(2).errors
    assert (error["code"], len(error["allowed"])) == ("no_line", 3)


def test_where_nothing_can_be_corrected_that_is_told(cli: Cli, ref: Ref) -> None:
    """A new proposal has neither records nor sheets nor transitions."""
    ran = cli("correct", ref, "--entry", 1).badly(2)
    assert f"lifecycle correct {ref}" in ran.err


def test_retry_under_a_key_corrects_once(cli: Cli, active: Ref, spent: int) -> None:
    """Though the line has no record any more, the second answer is the first one's."""
    line = ["correct", active, "--entry", spent, "value=550", "--idempotency-key", "k"]
    first = cli(*line, json=True).well().json
    second = cli(*line, json=True).well().json
    assert (second["n"], second["entry"], second["repeated"]) == (first["n"], first["entry"], True)
    assert len(records(cli, active)) == 1


def test_dry_run_shows_the_difference(stage: Stage, cli: Cli, active: Ref, spent: int) -> None:
    """And stores nothing."""
    ran = cli("correct", active, "--entry", spent, "value=550", "--dry-run").well()
    assert "- 500" in ran.out
    assert stage.last(active).n == spent


SHEET = """
[scores]
{criterion} = {{ value = 2, evidence = "Read again." }}
"""


@pytest.fixture
def rescored(tmp_path: Path) -> tuple[Path, ScoreSheet]:
    """Return a file with other scores, and the sheet that it states."""
    criterion = next(iter(score_sheet().scores))
    text = SHEET.format(criterion=criterion)
    file = tmp_path / "scores.toml"
    file.write_text(text)
    return file, read(ScoreSheet, read_toml(text), file=None)


def test_scores_are_corrected_on_approval_of_this_sheet(
    stage: Stage, cli: Cli, rescored: tuple[Path, ScoreSheet]
) -> None:
    """Who writes it does not decide; another sheet than the approved one is refused."""
    ref, (file, sheet) = stage.reach(State.NEGOTIATION), rescored
    n = stage.standing(ref).score_n
    assert n is not None
    line = ["correct", ref, "--entry", n, "--file", file]
    (unmet,) = cli(*line, json=True).badly(1).json["unmet"]
    assert f"approve {ref} correct --entry {n} --file {file}" in unmet["fix"]
    other = ScoreSheet({**sheet.scores, "more": Score(5)}, {})
    assented(stage, ref, "correct", of_new_sheet(n, other), actor="eva")
    cli(*line).badly(1)
    assented(stage, ref, "correct", of_new_sheet(n, sheet))
    receipt = cli(*line, json=True).well().json
    assert stage.standing(ref).score_n == receipt["n"]
    assert stage.verify() == []
    cli("correct", ref, "--entry", n, "--file", file).badly(2)


def test_scores_are_corrected_in_their_form(
    stage: Stage, cli: Cli, editing: Editing, home: Path
) -> None:
    """The form is filled in with what is wrong; what is written is kept for who approves it."""
    ref = stage.reach(State.DECISION)
    stage.score(ref)
    n = stage.standing(ref).score_n
    assert n is not None
    editing("path.write_text(path.read_text().replace('value = 4', 'value = 3', 1))")
    assert "approve" in cli("correct", ref, "--entry", n).badly(1).out
    (kept,) = drafts(home)
    sheet = read(ScoreSheet, read_toml(kept.read_text()), file=None)
    assert 3 in {score.value for score in sheet.scores.values()}
    assented(stage, ref, "correct", of_new_sheet(n, sheet))
    cli("correct", ref, "--entry", n, "--file", kept).well()
    editing("pass")
    cli("correct", ref, "--entry", stage.standing(ref).score_n).well()


def test_evaluation_is_corrected_too(stage: Stage, cli: Cli, tmp_path: Path) -> None:
    """By the same way, with the evaluation's own form."""
    ref = stage.reach(State.RENEWAL)
    n = stage.standing(ref).evaluation_n
    assert n is not None
    text = '[agreement]\noutcome = "missed"\nfindings = "The audit says so."\n'
    file = tmp_path / "evaluation.toml"
    file.write_text(text)
    assented(stage, ref, "correct", of_new_sheet(n, read(Evaluation, read_toml(text), file=None)))
    receipt = cli("correct", ref, "--entry", n, "--file", file, json=True).well().json
    assert stage.standing(ref).evaluation_n == receipt["n"]
    assert ("agreement.outcome", "met", "missed") in [
        (c["key"], c["before"], c["after"]) for c in receipt["changes"]
    ]


@pytest.mark.parametrize("words", [["--void"], ["value=3"]])
def test_sheet_is_neither_retracted_nor_patched(stage: Stage, cli: Cli, words: list[str]) -> None:
    """A decision stands on it as a whole."""
    ref = stage.reach(State.NEGOTIATION)
    cli("correct", ref, "--entry", stage.standing(ref).score_n, *words).badly(2)


def test_empty_sheet_corrects_nothing(stage: Stage, cli: Cli, tmp_path: Path) -> None:
    """It would stand over the one before."""
    ref = stage.reach(State.NEGOTIATION)
    file = tmp_path / "empty.toml"
    file.write_text("")
    cli("correct", ref, "--entry", stage.standing(ref).score_n, "--file", file).badly(2)


STEPS = {
    "submit": ((), Trigger.SUBMIT),
    "accept": (PATHS[State.DECISION], Trigger.ACCEPT),
    "return": (PATHS[State.DECISION], Trigger.RETURN),
    "decline": (PATHS[State.DECISION], Trigger.DECLINE),
    "sign": (PATHS[State.NEGOTIATION], Trigger.SIGN),
    "activate": (PATHS[State.SIGNED], Trigger.ACTIVATE),
    "terminate": (PATHS[State.ACTIVE], Trigger.TERMINATE),
    "renew": (PATHS[State.EVALUATION], Trigger.RENEW),
    "sunset": (PATHS[State.EVALUATION], Trigger.SUNSET),
    "renegotiate": (PATHS[State.RENEWAL], Trigger.RENEGOTIATE),
}


@pytest.mark.parametrize("step", STEPS)
def test_last_transition_is_taken_back(stage: Stage, cli: Cli, step: str) -> None:
    """It stands again where it stood, with the document of then; the log replays to just that."""
    before, trigger = STEPS[step]
    ref = stage.along(before)
    state, document = stage.standing(ref).state, stage.document(ref)
    stage.pull(ref, trigger)
    n = stage.standing(ref).moved_n
    subject = of_line(n)
    assented(stage, ref, "correct", subject, actor="eva")
    line = ["correct", ref, "--entry", n, "-m", "Entered for another one"]
    assert "--yes" in cli(*line).badly(2).err
    ran = cli(*line, "--yes").well()
    assert f"Line {n} is taken back: it is in {state} again." in ran.out
    assert (stage.standing(ref).state, stage.document(ref)) == (state, document)
    assert stage.verify() == []
    stage.pull(ref, trigger)


def test_expiry_by_the_calendar_is_taken_back_no_further(stage: Stage, cli: Cli) -> None:
    """A term that is over does not run again by taking its expiry back."""
    ref = stage.reach(State.ACTIVE)
    end = stage.standing(ref).term_end
    assert end is not None
    stage.on(end + timedelta(days=1)).nightly()
    n = stage.standing(ref).moved_n
    assented(stage, ref, "correct", of_line(n))
    unmet = cli("correct", ref, "--entry", n, "--yes", json=True).badly(1).json["unmet"]
    assert stage.standing(ref).state is State.EVALUATION
    assert unmet[0]["guard"] == "term_running"


def test_transition_is_taken_back_by_nobody_alone(stage: Stage, cli: Cli, active: Ref) -> None:
    """And an approval of another line does not stand for it."""
    n = stage.standing(active).moved_n
    line = ["correct", active, "--entry", n, "--yes"]
    (unmet,) = cli(*line, actor=DORA, json=True).badly(1).json["unmet"]
    assert f"lifecycle approve {active} correct --entry {n};" in unmet["fix"]
    assented(stage, active, "correct", of_line(n - 1), actor="eva")
    cli(*line).badly(1)
    assert stage.standing(active).state is State.ACTIVE


def test_transition_is_taken_back_once(stage: Stage, cli: Cli, active: Ref) -> None:
    """A retry under the key is told so; without, there is nothing more to take back."""
    n = stage.standing(active).moved_n
    assented(stage, active, "correct", of_line(n))
    line = ["correct", active, "--entry", n, "--yes"]
    cli(*line, "--idempotency-key", "once").well()
    assert cli(*line, "--idempotency-key", "once", json=True).well().json["repeated"]
    cli(*line).badly(2)
    assert stage.standing(active).state is State.SIGNED


@pytest.mark.parametrize("words", [["--void"], ["text=x"], ["--file", "x.toml"]])
def test_transition_is_not_changed_but_taken_back(
    stage: Stage, cli: Cli, active: Ref, words: list[str]
) -> None:
    """Whatever else is said of its line, is wrong usage."""
    cli("correct", active, "--entry", stage.standing(active).moved_n, *words, "--yes").badly(2)


@pytest.mark.parametrize(("answer", "code"), [("y", 0), ("n", 1)])
@pytest.mark.parametrize("what", ["entry", "void"])
def test_what_weighs_is_asked_on_a_terminal(
    stage: Stage, active: Ref, what: str, answer: str, code: int
) -> None:
    """Only a yes takes back or voids; anything else changes nothing."""
    n = stage.standing(active).moved_n
    if what == "entry":
        words, word, subject = ["--entry", n], "correct", of_line(n)
    else:
        words, word, subject = ["--void"], "void", of_void()
    assented(stage, active, word, subject)
    everywhere = ["--db", stage.path, "--as", "anna", "--today", stage.day]
    ran = on_terminal(*everywhere, "correct", active, *words, typed=[answer])
    assert ran.code == code, ran.out
    assert ("Nothing was changed." in ran.out) is (code == 1)
    moved = (State.SIGNED, None) if what == "entry" else (State.ACTIVE, "error")
    kept = (State.ACTIVE, None)
    assert stage.fields(active, "state", "voided") == (kept if code else moved)


def test_document_is_corrected_on_approval(
    stage: Stage, cli: Cli, active: Ref, tmp_path: Path
) -> None:
    """The record then says what the signed paper says."""
    file = document_file(cli, active, tmp_path / "right.toml", ("target = 40", "target = 44"))
    (unmet,) = cli("correct", active, "--file", file, json=True).badly(1).json["unmet"]
    assert f"lifecycle approve {active} correct --file {file}" in unmet["fix"]
    assented(stage, active, "correct", of_file(stage, active, file))
    assert "+ 44" in cli("correct", active, "--file", file, "--dry-run").well().out
    receipt = cli("correct", active, "--file", file, json=True).well().json
    assert (receipt["event"], receipt["outcome"]) == ("corrected", "ok")
    assert stage.verify() == []


def test_document_of_what_ended_is_corrected_with_the_paper(
    stage: Stage, cli: Cli, tmp_path: Path
) -> None:
    """While it is evaluated, the record is still mended; the letter that shows it comes along."""
    ref = stage.reach(State.EVALUATION)
    file = document_file(cli, ref, tmp_path / "right.toml", ("target = 40", "target = 44"))
    letter = tmp_path / "letter.txt"
    letter.write_text("It was 44.")
    assented(stage, ref, "correct", of_file(stage, ref, file))
    cli("correct", ref, "--file", file, "--attach", letter).well()
    assert [e.event for e in stage.entries(ref)[-2:]] == [Event.ATTACHED, Event.CORRECTED]


@pytest.fixture
def void(stage: Stage, cli: Cli) -> Ref:
    """Return an agreement that was voided as a duplicate of another one in force."""
    stands, twice = stage.reach(State.ACTIVE), stage.reach(State.ACTIVE)
    assented(stage, twice, "void", of_void(stands))
    cli("correct", twice, "--void", "--same-as", stands, "--yes").well()
    return twice


def test_voiding_needs_somebody_else(stage: Stage, cli: Cli, active: Ref) -> None:
    """And it is voided as what was approved: an error is no duplicate."""
    other = stage.propose()
    line = ["correct", active, "--void", "--same-as", other, "--yes"]
    (unmet,) = cli(*line, actor=DORA, json=True).badly(1).json["unmet"]
    assert f"lifecycle approve {active} void --same-as {other}" in unmet["fix"]
    assented(stage, active, "void", of_void())
    cli(*line).badly(1)
    cli("correct", active, "--void", "--yes").well()
    assert stage.standing(active).voided == "error"


def test_voided_is_refused_by_every_command(cli: Cli, void: Ref, tmp_path: Path) -> None:
    """Whatever is done with it, the answer says that it is void, and of which it is a duplicate."""
    file = document_file(cli, void, tmp_path / "d.toml", ("target = 40", "target = 44"))
    scores, evaluation = tmp_path / "s.toml", tmp_path / "e.toml"
    scores.write_text("[factors]\ncriteria = 'yes'\n")
    evaluation.write_text("[agreement]\noutcome = 'met'\n")
    paper = tmp_path / "p.txt"
    paper.write_text("a")
    for line in (
        ["advance", void, "terminate", "-m", "x", "--yes"],
        ["advance", void, "terminate", "-m", "x", "--yes", "--attach", paper],
        ["apply", file],
        ["amend", void, "--file", file],
        ["correct", void, "--file", file],
        ["correct", void, "--void", "--yes"],
        ["reclassify", void, "friendship"],
        ["record", void, "note", "text=x"],
        ["score", void, "--file", scores],
        ["evaluate", void, "--file", evaluation],
        ["attach", void, paper],
    ):
        receipt = cli(*line, json=True, actor=DORA).badly(1).json
        receipt = receipt[0] if isinstance(receipt, list) else receipt
        assert [u["code"] for u in receipt["unmet"]] == ["agreement.void"], line
        assert "duplicate of TOR-2026-001" in receipt["unmet"][0]["message"]


def test_voided_counts_for_nothing(stage: Stage, cli: Cli, void: Ref) -> None:
    """Nothing is due, the night passes it by, it holds no place, and no step leads on."""
    (row,) = [r for r in cli("list", json=True).well().json if r["ref"] == str(void)]
    assert (row["due"], row["due_rule"]) == (None, None)
    assert cli("check", void, json=True).well().json == []
    assert not stage.standing(void).counted
    stage.on(stage.day.replace(year=2031))
    assert str(void) not in {item.ref for item in stage.nightly().items}
    assert stage.standing(void).state is State.ACTIVE
    assert stage.verify() == []


def test_voided_makes_room_under_the_cap(staged: Staging) -> None:
    """A duplicate that held the last place gives it back."""
    stage = staged(with_cap(1))
    twice, waits = stage.reach(State.ACTIVE), stage.reach(State.SIGNED)
    assert stage.advance(waits, Trigger.ACTIVATE).refused
    assented(stage, twice, "void", of_void())
    ran = on_terminal(
        *("--db", stage.path, "--as", "anna", "--today", stage.day),
        *("correct", twice, "--void", "--yes"),
    )
    assert ran.code == 0, ran.out
    assert not stage.advance(waits, Trigger.ACTIVATE).refused


@pytest.mark.usefixtures("void")
def test_voided_counts_for_nothing_in_a_policys_impact(cli: Cli, tmp_path: Path) -> None:
    """What a new policy would change is told of what stands."""
    file = tmp_path / "policy.toml"
    file.write_bytes(with_cap(1))
    impact = cli("policy", "check", file, json=True).well().json["impact"]
    assert (impact["agreements"], impact["counted_after"]) == (1, 1)


def test_nothing_is_a_duplicate_of_itself_or_of_what_is_void(
    stage: Stage, cli: Cli, void: Ref
) -> None:
    """What stands for it must stand."""
    ref = stage.propose()
    for other in (ref, void, "TOR-2026-999"):
        cli("correct", ref, "--void", "--same-as", other, "--yes").badly(2)


def test_second_term_survives_taking_its_opening_back(stage: Stage, cli: Cli) -> None:
    """The first term's document is back, and `show --term` still tells both apart."""
    ref = stage.along(NEXT_TERM)
    n = stage.standing(ref).moved_n
    assented(stage, ref, "correct", of_line(n), actor="eva")
    cli("correct", ref, "--entry", n, "--yes").well()
    assert "target = 40" in cli("show", ref, "--term", 1).well().out
    assert stage.document(ref).projects == complete_agreement().projects


def test_record_of_another_agreement_is_not_found(stage: Stage, cli: Cli, spent: int) -> None:
    """Lines are those of the agreement that is named."""
    other = stage.propose()
    cli("correct", other, "--entry", spent, "value=1").badly(2)
