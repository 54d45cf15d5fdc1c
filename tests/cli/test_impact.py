"""`lifecycle policy check` on a database: what adopting would change, in words and as JSON."""

from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from lifecycle.impact import Impact
from states.vocabulary import State
from tests.builders import complete_agreement, with_objective
from tests.cli.conftest import Cli
from tests.stage import Stage, policy_file

CHANGES: dict[str, Any] = {
    "in_flight": "new",
    "cap": {"at_most": 1},
    "deadlines": {"decision_days": 20, "evaluation_days": 10},
    "limits": [
        {"code": "per_country", "at_most": 1, "per": "country"},
        {"code": "all", "at_most": 1},
    ],
    "bodies": [{"name": "City Council"}],
    "vocabulary": {"roles": ["host", "implementer"]},
    "program": {"budget": {"2027": 50_000}},
    "types": {"partnership": {"endorsement": True}},
    "guards": {"guidelines_stated": "off", "project_focus": "off"},
    "criteria": {"version": "2030"},
}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Return a policy that changes something of everything."""
    path = tmp_path / "new.toml"
    path.write_bytes(policy_file(CHANGES))
    return path


@pytest.fixture
def portfolio(stage: Stage) -> dict[str, str]:
    """Return a portfolio with something for every section: references by what they are."""
    responsible = with_objective(responsible="Economic Development and Culture Division")
    return {
        "active": str(stage.reach(State.ACTIVE)),
        "second": str(stage.reach(State.ACTIVE, responsible)),
        "evaluation": str(stage.reach(State.EVALUATION)),
        "negotiation": str(
            stage.reach(State.NEGOTIATION, complete_agreement(renewal_guidelines=""))
        ),
        "decision": str(stage.reach(State.DECISION)),
    }


def test_impact_is_told_in_sections(cli: Cli, portfolio: dict[str, str], file: Path) -> None:
    """Everything with its references, the unmet conditions with what comes of them."""
    out = " ".join(cli("policy", "check", file).well().out.split())
    active, second, sign = portfolio["active"], portfolio["second"], portfolio["negotiation"]
    for piece in (
        "Adopting it: 3 places held become 3, under a cap of 1 instead of a cap of 10; 2 over",
        "Due on another day:",
        f"{portfolio['decision']}: 2027-",
        "(a decision is owed) → 2027-01-21 (a decision is owed)",
        f"all: 3 instead of 1, in the program: {active}, {second}, {portfolio['evaluation']}",
        f"per_country: 3 instead of 1, country CN: {active}",
        f"2027: 120000 of 50000: {active}, {second}",
        f"sign: endorsed:endorsement.missing would refuse it: {sign}. No councillor's",
        f"sign: cap_available:cap.full would warn: {sign}.",
        f"sign: guidelines_stated:renewal.missing would no longer be in its way: {sign}",
        f"role = catalyst: {active}, {second}",
        f"Economic Development and Culture Division, responsible in {second}",
    ):
        assert piece in out, piece
    assert "Conditions that disappear" not in out
    assert "Judged by their old policy" not in out


def test_impact_as_json_has_every_list(cli: Cli, portfolio: dict[str, str], file: Path) -> None:
    """Exit 0, since an impact is no error; money is text, days are days."""
    answer = cli("policy", "check", file, json=True).well().json
    assert (answer["ok"], answer["errors"]) == (True, [])
    told = answer["impact"]
    assert set(told) == set(Impact.__dataclass_fields__)
    assert (told["cap"], told["cap_before"], told["over_cap"]) == (1, 10, 2)
    assert told["budget"] == [
        {
            "year": 2027,
            "committed": "120000",
            "budget": "50000",
            "newly": True,
            "refs": [portfolio["active"], portfolio["second"]],
        }
    ]
    due = {each["ref"]: each for each in told["due"]}
    assert set(due) == set(told["due_changed"])
    assert due[portfolio["decision"]]["due_after"] == "2027-01-21"
    becomes = {(each["code"], each["becomes"]) for each in told["steps"]}
    assert {("endorsement.missing", "refused"), ("renewal.missing", "met")} <= becomes
    assert not any("REF" in each["fix"] for each in told["steps"])


def test_long_lists_are_cut_for_people_only(stage: Stage, cli: Cli, file: Path) -> None:
    """Twelve references are enough to see; JSON has them all."""
    for _ in range(14):
        stage.take_over()
    assert "and 2 more" in " ".join(cli("policy", "check", file).well().out.split())
    limits = cli("policy", "check", file, json=True).well().json["impact"]["limits"]
    assert [len(each["refs"]) for each in limits] == [14, 14]


def test_overrun_that_was_there_before_is_told_as_such(
    stage: Stage, cli: Cli, tmp_path: Path
) -> None:
    """Conditions that disappear are named, by whom they were answered or not."""
    asked = {"code": "legal", "question": "Has the solicitor read it?", "trigger": "submit"}
    stage.adopt(policy_file({"program": {"budget": {"2027": 1}}, "conditions": [asked]}))
    stage.adopt(policy_file({"program": {"budget": {"2027": 10**6}}, "conditions": [asked]}))
    document = replace(complete_agreement(), conditions={"legal": "yes"})
    ref = stage.reach(State.SIGNED, document)
    stage.adopt(policy_file({"program": {"budget": {"2027": 1}}, "conditions": [asked]}))
    file = tmp_path / "two.toml"
    file.write_bytes(policy_file({"program": {"budget": {"2027": Decimal(2)}}, "cap": None}))
    out = " ".join(cli("policy", "check", file).well().out.split())
    assert f"2027: 60000 of 2, as before: {ref}" in out
    assert f"Conditions that disappear: legal, answered by {ref}" in out
    assert "under no cap instead of a cap of 10." in out
