"""What each side owed and what became of it, wherever a renewal is decided on (R45)."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from states.agreement import Obligation
from states.records import Record
from states.ref import Ref
from states.vocabulary import State, Trigger
from tests.builders import complete_agreement
from tests.cli.conftest import Cli
from tests.cli.running import on_terminal
from tests.stage import Stage

SPACE = Obligation("space", "partner", "Office space for two people.", date(2027, 2, 1))
HOSTING = Obligation("hosting", "home", "Hosts the forum.", date(2027, 1, 15))
OWING = complete_agreement(obligations=(HOSTING, SPACE))
DECIDED_WITH = ("reinstate", "renew", "sunset")


@pytest.fixture
def ref(stage: Stage) -> Ref:
    """Return an agreement in evaluation under which the city hosted, and nobody gave any space."""
    ref = stage.reach(State.ACTIVE, OWING)
    stage.on(date(2027, 3, 1))
    stage.record(ref, Record("obligation", HOSTING.due or stage.day, item="hosting", outcome="met"))
    stage.pull(ref, Trigger.TERMINATE)
    stage.evaluate(ref)
    stage.report(ref)
    return ref


def test_r45_show_has_the_ledger_of_both_sides(ref: Ref, cli: Cli) -> None:
    """Each obligation with what became of it, the line that says so, and the partner's first."""
    space, hosting = cli("show", ref, json=True).well().json["obligations"]
    assert (space["side"], space["id"], space["status"], space["n"]) == (
        "partner",
        "space",
        "overdue",
        None,
    )
    assert (hosting["status"], hosting["on"], hosting["outcome"]) == (
        "fulfilled",
        "2027-01-15",
        "met",
    )
    page = cli("show", ref).well().out
    assert "overdue since 2027-02-01" in page
    assert "fulfilled on 2027-01-15" in page
    assert max(map(len, page.splitlines())) <= 80


def test_r45_check_lists_the_ledger_where_renewal_is_decided(ref: Ref, cli: Cli) -> None:
    """For each decision that it bears on, without anybody asking; for other steps it isn't."""
    steps = {step["trigger"]: step for step in cli("check", ref, json=True).well().json}
    found = {trigger for trigger, step in steps.items() if "obligations" in step}
    assert found == set(DECIDED_WITH)
    assert [one["id"] for one in steps["renew"]["obligations"]] == ["space", "hosting"]
    for line in (["check", ref], ["check", ref, "reinstate"]):
        assert cli(*line).out.count("✗ partner, space") == 1
    assert "space" not in cli("check", ref, "submit").out


def test_r45_the_evaluation_form_lists_the_ledger(
    ref: Ref, cli: Cli, editing: Callable[[str], None], tmp_path: Path
) -> None:
    """Who evaluates sees it as comments, which are no part of the sheet."""
    seen = tmp_path / "seen.toml"
    editing(f"pathlib.Path({str(seen)!r}).write_text(path.read_text())")
    cli("evaluate", ref).well()
    form = seen.read_text()
    assert "# - partner, space: Office space for two people. Overdue since 2027-02-01.\n" in form
    assert "# - home, hosting: Hosts the forum. Fulfilled on 2027-01-15 (due 2027-01-15).\n" in form


def test_r45_whoever_renews_is_told_the_ledger_first(ref: Ref, cli: Cli) -> None:
    """On standard error, so that the receipt alone is data; a script is not asked."""
    told = cli("advance", ref, "renew", actor="dora", json=True).well()
    assert told.json["to"] == "renewal"
    assert "✗ partner, space" in told.err
    assert "✓ home, hosting" in told.err


def test_r45_check_says_where_nothing_was_owed(stage: Stage, cli: Cli) -> None:
    """No silence that could be taken for an answer; and of what was just proposed, nothing."""
    told = "Nothing that either side owed is stated in the document."
    assert told in cli("check", stage.reach(State.EVALUATION)).well().out
    assert told not in cli("check", stage.propose()).well().out


@pytest.mark.parametrize(("answer", "state"), [("y", State.RENEWAL), ("n", State.EVALUATION)])
def test_r45_on_a_terminal_renewal_with_a_partner_who_failed_is_asked(
    stage: Stage, ref: Ref, answer: str, state: State
) -> None:
    """The ledger first, then the question; a no changes nothing."""
    ran = on_terminal("--db", stage.path, "advance", ref, "renew", typed=[answer])
    assert "Overdue since 2027-02-01." in ran.out
    assert "although the partner has not done all that it owed?" in ran.out
    assert stage.standing(ref).state is state


def test_r45_where_the_partner_delivered_nothing_is_asked(stage: Stage, ref: Ref) -> None:
    """What it owed is told all the same."""
    stage.record(
        ref, Record("obligation", stage.day, item="space", outcome="met", text="Two rooms")
    )
    ran = on_terminal("--db", stage.path, "advance", ref, "renew").well()
    assert "Fulfilled late, on 2027-03-01 (due 2027-02-01): Two rooms." in " ".join(ran.out.split())
    assert stage.standing(ref).state is State.RENEWAL


@pytest.mark.parametrize(
    ("outcome", "words"),
    [("partly", "Partly fulfilled, as recorded on"), ("missed", "Not delivered, as recorded on")],
)
def test_r45_every_fate_has_its_words(
    stage: Stage, ref: Ref, cli: Cli, outcome: str, words: str
) -> None:
    """What was done in part, and what was not."""
    stage.record(ref, Record("obligation", stage.day, item="space", outcome=outcome))
    assert words in " ".join(cli("check", ref, "renew").out.split())
