"""`lifecycle reclassify`: a signed agreement becomes one of another type."""

from datetime import date
from pathlib import Path

import pytest

from states.agreement import Endorsement
from states.ref import Ref
from states.vocabulary import State, Trigger
from tests.builders import DORA, complete_agreement, evaluation
from tests.cli.conftest import Cli
from tests.cli.later import assented
from tests.cli.running import process
from tests.conftest import Staging
from tests.stage import Stage, policy_file


@pytest.fixture
def active(stage: Stage) -> Ref:
    """Return a friendship in force."""
    endorsed = Endorsement("Councillor Lee", date(2026, 8, 3))
    return stage.reach(State.ACTIVE, complete_agreement(type="friendship", endorsement=endorsed))


def test_old_and_new_type_are_told_with_the_review(stage: Stage, cli: Cli, active: Ref) -> None:
    """It keeps what it was and when it was signed, and gets a day on which it is looked at."""
    signed = stage.standing(active).signed_on
    ran = cli("reclassify", active, "partnership", "-m", "Item EX1", actor=DORA).well()
    after = stage.standing(active)
    assert f"friendship → partnership; to be reviewed on {after.review}." in ran.out
    assert (after.type, after.former_type, after.signed_on) == (
        "partnership",
        "friendship",
        signed,
    )
    assert stage.verify() == []


def test_receipt_has_both_types_and_the_day(cli: Cli, active: Ref) -> None:
    """For machines as well; the same again is unchanged."""
    receipt = cli("reclassify", active, "partnership", actor=DORA, json=True).well().json
    assert (receipt["event"], receipt["former_type"], receipt["type"]) == (
        "reclassified",
        "friendship",
        "partnership",
    )
    assert receipt["review"]
    again = cli("reclassify", active, "partnership", actor=DORA, json=True).well().json
    assert again["outcome"] == "unchanged"


def test_dry_run_tells_the_same_and_stores_nothing(stage: Stage, cli: Cli, active: Ref) -> None:
    """Old and new are told, and it stays what it is."""
    ran = cli("reclassify", active, "partnership", "--dry-run", actor=DORA).well()
    assert "friendship → partnership" in ran.out
    assert stage.standing(active).type == "friendship"


def test_staff_carry_out_what_a_decider_approved(stage: Stage, cli: Cli, active: Ref) -> None:
    """Who drafted it does not decide on it; the command to approve it is told."""
    (unmet,) = cli("reclassify", active, "partnership", json=True).badly(1).json["unmet"]
    assert f"lifecycle approve {active} reclassify" in unmet["fix"]
    assented(stage, active, "reclassify")
    cli("reclassify", active, "partnership").well()


def test_what_the_new_type_asks_for_must_hold(stage: Stage, cli: Cli) -> None:
    """A partnership without a councillor's endorsement is no friendship yet."""
    ref = stage.reach(State.ACTIVE)
    receipt = cli("reclassify", ref, "friendship", actor=DORA, json=True).badly(1).json
    assert "endorsement.missing" in [u["code"] for u in receipt["unmet"]]
    assert stage.standing(ref).type == "partnership"


def test_of_what_was_taken_over_it_is_only_told(stage: Stage, cli: Cli) -> None:
    """An MOU of 1986 becomes a partnership, with everything it lacks, and a review date (R31)."""
    ref = stage.take_over(
        complete_agreement(
            type="mou",
            term=None,
            projects=(),
            milestones=(),
            taken_over=stage.document(stage.take_over()).taken_over,
        )
    )
    ran = cli("reclassify", ref, "partnership", actor=DORA).well()
    assert "warning:" in ran.out
    assert stage.fields(ref, "former_type", "signed_on") == ("mou", "1986")


@pytest.mark.parametrize("kind", ["mou", "alliance", "Partnership"])
def test_type_that_nothing_becomes_is_bad_input(cli: Cli, active: Ref, kind: str) -> None:
    """The types that there are, are told; nothing becomes an MOU again."""
    (error,) = cli("reclassify", active, kind, json=True).badly(2).errors
    assert error["allowed"] == ["partnership", "friendship"]


@pytest.mark.parametrize("state", [State.NEGOTIATION, State.SUNSET])
def test_only_what_is_signed_and_has_not_ended_is_reclassified(
    stage: Stage, cli: Cli, state: State
) -> None:
    """Before, its type is edited."""
    ref = stage.reach(state)
    receipt = cli("reclassify", ref, "friendship", actor=DORA, json=True).badly(1).json
    assert receipt["unmet"][0]["code"] == "not_in_this_state"


def test_types_are_completed(stage: Stage, home: Path) -> None:
    """The shell offers those that the policy lets agreements be reclassified into."""
    words = f"lifecycle --db {stage.path} reclassify TOR-2026-001 p"
    asked = {"COMP_WORDS": words, "COMP_CWORD": "5"}
    ran = process(env={"_LIFECYCLE_COMPLETE": "bash_complete", **asked}).well()
    assert ran.out.split() == ["plain,partnership"]
    lost = {**asked, "COMP_WORDS": words.replace(str(stage.path), str(home / "no.db"))}
    assert process(env={"_LIFECYCLE_COMPLETE": "bash_complete", **lost}).well().out.strip() == ""


def test_evaluation_that_recommends_it_leads_there(stage: Stage, cli: Cli, tmp_path: Path) -> None:
    """Who records the recommendation is told the command; another one leads nowhere else."""
    ref = stage.reach(State.EVALUATION)
    file = tmp_path / "evaluation.toml"
    file.write_text('[value]\nof_renewing = "As a friendship."\nrecommendation = "reclassify"\n')
    ran = cli("evaluate", ref, "--file", file).well()
    assert f"Next: lifecycle reclassify {ref} TYPE" in ran.out
    assert "reclassify" not in cli("evaluate", ref, "--file", file, "--dry-run").well().out
    stage.evaluate(ref, evaluation())
    file.write_text('[value]\nrecommendation = "renew"\n')
    assert "Next" not in cli("evaluate", ref, "--file", file).well().out


def test_policy_may_let_them_become_what_is_never_made_anew(staged: Staging) -> None:
    """Toronto's historical agreements of 2024 are those of types that it gave up."""
    stage = staged(policy_file({"types": {"mou": {"reclassify_to": True}}}))
    ref = stage.reach(State.ACTIVE)
    line = ["--db", stage.path, "--as", DORA, "--today", stage.day, "reclassify", ref, "mou"]
    process(*line).well()
    assert stage.standing(ref).type == "mou"
    assert stage.advance(ref, Trigger.TERMINATE, ground="dormant").to is State.EVALUATION
