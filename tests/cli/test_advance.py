"""`lifecycle advance` and `lifecycle check`: what moves, what is refused, and what is told."""

import pytest

from states.ref import Ref
from states.vocabulary import State, Trigger
from tests.cli.conftest import Cli
from tests.stage import Stage

UNMET = {"guard", "code", "field", "severity", "message", "fix", "rule", "report", "waived_by"}


def test_a_transition_gives_a_receipt_with_every_key(stage: Stage, cli: Cli, ref: Ref) -> None:
    """The receipt names the move, the version and the line on the log."""
    receipt = cli("advance", ref, "submit", "-m", "ready", json=True).well().json
    assert (receipt["from"], receipt["to"], receipt["trigger"]) == (
        "proposal",
        "decision",
        "submit",
    )
    assert (receipt["version"], receipt["n"], receipt["outcome"]) == (2, 2, "ok")
    assert receipt["effective_on"] == stage.day.isoformat()
    assert len(receipt["entry"]) == 64


def test_people_read_the_move_and_what_comes_next(cli: Cli, ref: Ref) -> None:
    """One line says from where to where; the next line says how to go on."""
    text = cli("advance", ref, "submit").well().out
    assert f"{ref}: proposal → decision (submit), version 2" in text
    assert f"lifecycle check {ref}" in text


def test_a_refusal_names_every_unmet_condition(stage: Stage, cli: Cli) -> None:
    """Exit 1, and each condition comes with guard, rule, report section and what to do."""
    ref = stage.reach(State.DECISION)
    receipt = cli("advance", ref, "accept", json=True).badly(1).json
    assert receipt["outcome"] == "refused"
    assert all(set(unmet) == UNMET for unmet in receipt["unmet"])
    codes = {unmet["code"] for unmet in receipt["unmet"]}
    assert codes == {"scores.missing", "factor.unanswered", "person.same"}
    text = cli("advance", ref, "accept").badly(1).out
    for unmet in receipt["unmet"]:
        assert unmet["message"] in text.replace("\n    ", " ")
    assert f"lifecycle score {ref}" in text
    assert "BP1" in text
    assert [entry.event for entry in stage.entries(ref)][-2:] == ["refused", "refused"]


def test_warnings_do_not_refuse_and_are_told(stage: Stage, cli: Cli) -> None:
    """What only warns stands in the receipt and in the text, and the move is made."""
    ref = stage.reach(State.SIGNED)
    stage.day = stage.standing(ref).term_start or stage.day
    ran = cli("advance", ref, "activate").well()
    assert "warning: " in ran.out


def test_a_dry_run_gives_the_same_answer_and_stores_nothing(
    stage: Stage, cli: Cli, ref: Ref
) -> None:
    """`--dry-run` has the exit code of the real thing and leaves no line."""
    assert cli("advance", ref, "submit", "--dry-run", json=True).well().json["to"] == "decision"
    assert cli("advance", ref, "accept", "--dry-run", json=True).badly(1).json["dry_run"] is True
    assert len(stage.raw(ref)) == 1


def test_an_expected_version_refuses_a_lost_race(cli: Cli, ref: Ref) -> None:
    """`--expect-version` refuses with version_conflict once somebody was faster."""
    cli("advance", ref, "submit", "--expect-version", "1").well()
    ran = cli("advance", ref, "return", "--expect-version", "1", "-m", "again", json=True).badly(1)
    assert ran.json["unmet"][0]["code"] == "version_conflict"


def test_an_idempotency_key_makes_a_retry_safe(stage: Stage, cli: Cli, ref: Ref) -> None:
    """The second order under a key is answered with the first one's receipt, and says so."""
    cli("advance", ref, "submit", "--idempotency-key", "k").well()
    again = cli("advance", ref, "submit", "--idempotency-key", "k").well().out
    assert "done before" in again
    assert len(stage.raw(ref)) == 2
    cli("advance", ref, "return", "--idempotency-key", "k", "-m", "no").badly(2)


def test_the_act_can_be_dated_and_recorded_for_a_body(stage: Stage, cli: Cli) -> None:
    """`--effective`, `--on-behalf-of`, `--item` and `--ground` are on the log line."""
    ref = stage.reach(State.DECISION)
    stage.day = stage.day.replace(day=stage.day.day + 5)
    line = ["--effective", "2026-09-02", "--on-behalf-of", "City Council", "--item", "EX1.2"]
    cli("advance", ref, "decline", "--ground", "fails_criteria", "--yes", *line).well()
    entry = stage.last(ref)
    assert (entry.effective_on, entry.on_behalf_of) == ("2026-09-02", "City Council")
    assert (entry.item, entry.ground) == ("EX1.2", "fails_criteria")


@pytest.mark.parametrize(
    ("line", "code"),
    [
        (["sing"], "unknown_trigger"),
        (["submit", "--effective", "2099-01-01"], "effective_on"),
        (["submit", "--ground", "bored"], "unknown_ground"),
        (["submit", "--on-behalf-of", "Nobody"], "unknown_body"),
    ],
)
def test_what_can_not_be_ordered_is_bad_input(
    stage: Stage, cli: Cli, ref: Ref, line: list[str], code: str
) -> None:
    """Unknown words and impossible days end with 2, list what is allowed, and leave no line."""
    [error] = cli("advance", ref, *line, json=True).badly(2).errors
    assert error["code"] == code
    assert error["allowed"] or error["hint"]
    assert len(stage.raw(ref)) == 1


@pytest.mark.parametrize("trigger", ["decline", "withdraw", "terminate", "sunset"])
def test_what_can_not_be_taken_back_asks_first(
    stage: Stage, cli: Cli, ref: Ref, trigger: str
) -> None:
    """Where nobody can answer, the question is exit 2 and names --yes; a dry run doesn't ask."""
    assert "--yes" in cli("advance", ref, trigger, "-m", "reasons").badly(2).err
    assert len(stage.raw(ref)) == 1
    assert cli("advance", ref, trigger, "-m", "reasons", "--dry-run").code in {0, 1}


def test_writers_take_the_whole_reference(stage: Stage, cli: Cli, ref: Ref) -> None:
    """A partner's name or a beginning is not enough to change something; those meant are listed."""
    [error] = cli("advance", "chong", "submit", json=True).badly(2).errors
    assert error["code"] == "whole_ref"
    assert error["allowed"][0].startswith(str(ref))
    cli("advance", "TOR-2026-999", "submit").badly(2)
    cli("advance", "OSL-2026-001", "submit").badly(2)
    assert len(stage.raw(ref)) == 1


def test_check_lists_every_step_that_leads_on(cli: Cli, ref: Ref) -> None:
    """`check REF` ends well whatever it shows: trigger, target, allowed, unmet."""
    steps = cli("check", ref, json=True).well().json
    assert [(step["trigger"], step["to"], step["allowed"]) for step in steps] == [
        ("submit", "decision", True),
        ("withdraw", "declined", False),
    ]
    assert set(steps[1]["unmet"][0]) == UNMET


def test_check_of_one_trigger_says_so_with_its_exit_code(cli: Cli, ref: Ref) -> None:
    """`check REF TRIGGER` is 0 if it may be done, 1 if not, even from another state."""
    cli("check", ref, "submit").well()
    [step] = cli("check", ref, "sign", json=True).badly(1).json
    assert step["unmet"][0]["code"] == "not_from_here"
    cli("check", ref, "sing").badly(2)


def test_check_writes_nothing(stage: Stage, cli: Cli, ref: Ref) -> None:
    """Checking is reading: no line is added, not even for what would be refused."""
    cli("check", ref, "accept").badly(1)
    assert len(stage.raw(ref)) == 1


def test_check_and_show_say_which_policy_judges(stage: Stage, cli: Cli) -> None:
    """An agreement in decision keeps the policy of its last decision, and both say so."""
    ref = stage.reach(State.DECISION)
    before = cli("show", ref, json=True).well().json["policy"]
    cli("policy", "adopt", "toronto-2005").well()
    shown = cli("show", ref, json=True).well().json
    assert shown["policy"] == before != shown["policy_in_force"]
    assert all(step["policy"] == before for step in cli("check", ref, json=True).well().json)
    for command in ("show", "check"):
        assert "that of its last decision" in cli(command, ref).well().out


@pytest.mark.parametrize("state", [State.SUNSET, State.DECLINED])
def test_nothing_comes_after_a_final_state(stage: Stage, cli: Cli, state: State) -> None:
    """What is over says so."""
    ref = stage.reach(state)
    assert cli("check", ref, json=True).well().json == []
    assert "final" in cli("check", ref).well().out
    cli("advance", ref, Trigger.SUBMIT).badly(1)


def test_what_to_do_names_the_agreement_in_json_too(stage: Stage, cli: Cli) -> None:
    """A machine that shows the fix shows a command that can be typed."""
    ref = stage.reach(State.DECISION)
    unmet = cli("advance", ref, "accept", json=True).badly(1).json["unmet"]
    assert any(f"lifecycle score {ref}" in one["fix"] for one in unmet)
