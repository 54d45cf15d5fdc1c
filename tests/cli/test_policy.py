"""`lifecycle policy`: shown, listed, checked and adopted as data."""

from pathlib import Path

import pytest

from states.vocabulary import State
from store.policies import shipped, shipped_policy
from tests.cli.conftest import Cli
from tests.cli.running import run
from tests.stage import TORONTO, Stage, policy_file, with_cap

NAMES = shipped()


def test_a_group_alone_shows_the_policy_in_force(cli: Cli) -> None:
    """`policy` is `policy show`: the text as it was adopted."""
    assert cli("policy").well().out == TORONTO.decode()
    assert cli("policy", "show").well().out == TORONTO.decode()
    assert cli("policy", json=True).well().json["program"]["code"] == "TOR"


@pytest.mark.parametrize("name", NAMES)
def test_shipped_policies_are_shown_and_in_order(name: str) -> None:
    """What ships can be read and checked without a database."""
    assert run("policy", "show", name).well().out.encode() == shipped_policy(name)
    checked = run("policy", "check", name, "--json").well().json
    assert checked == {"ok": True, "errors": [], "impact": None}


def test_policies_are_listed_with_their_adoptions(cli: Cli) -> None:
    """Those that ship, and those adopted with their digest and first day."""
    assert len(run("policy", "list", "--json").well().json) == len(NAMES)
    cli("policy", "adopt", "toronto-2024").well()
    rows = {row["name"]: row for row in cli("policy", "list", json=True).well().json}
    assert rows["toronto-2024"]["in_force"] is True
    assert rows["toronto-2018"]["in_force"] is False
    assert rows["toronto-2005"]["entry"] is None
    assert "in force" in cli("policy", "list").well().out
    digest = rows["toronto-2018"]["digest"]
    assert cli("policy", "show", digest[:12]).well().out == TORONTO.decode()


def test_agreements_in_flight_say_that_an_older_policy_judges_them(stage: Stage, cli: Cli) -> None:
    """R54: in `show` and `check`, and all of them at once in `policy list`; as of a day, too."""
    old, new = stage.reach(State.DECISION), stage.propose()
    cli("policy", "adopt", "toronto-2024").well()
    names = {row["name"]: row for row in cli("policy", "list", json=True).well().json}
    before, after = names["toronto-2018"], names["toronto-2024"]
    assert (before["judges"], before["in_flight"]) == (1, [str(old)])
    assert (after["judges"], after["in_flight"], names["toronto-2005"]["judges"]) == (1, [], None)
    head = f"{before['digest'][:12]} judges 1 agreement in decision or negotiation: {old}."
    assert head in cli("policy", "list").well().out
    assert head in cli("policy", "list", "--as-of", stage.day).well().out
    digests = {"policy": before["digest"], "policy_in_force": after["digest"]}
    for told in (cli("show", old, json=True).json, *cli("check", old, json=True).json):
        assert {key: told[key] for key in digests} == digests
    assert {move["policy"] for move in cli("check", new, json=True).json} == {after["digest"]}
    words = "that of its last decision; in force is"
    differs = f"What differs: lifecycle policy diff {before['digest'][:12]}"
    assert words in cli("show", old).well().out
    said = " ".join(cli("check", old).well().out.split())
    assert words in said
    assert differs in said
    assert "What differs" not in cli("check", new).well().out


@pytest.mark.parametrize("name", ["atlantis", "abc", "0" * 64])
def test_an_unknown_policy_is_bad_input(cli: Cli, name: str) -> None:
    """Exit 2, with what there is."""
    cli("policy", "show", name).badly(2)
    cli("policy", "adopt", name).badly(2)


def test_adopting_gives_a_receipt_and_puts_the_policy_in_force(stage: Stage, cli: Cli) -> None:
    """From then on it judges; adopting it again is `unchanged`."""
    receipt = cli("policy", "adopt", "toronto-2024", "-m", "Council", json=True).well().json
    assert (receipt["event"], receipt["outcome"], receipt["ref"]) == ("policy_adopted", "ok", "TOR")
    assert cli("policy", "adopt", "toronto-2024", json=True).well().json["outcome"] == "unchanged"
    assert [entry.event for entry in stage.entries(None)] == ["policy_adopted"] * 2


def test_a_dry_run_adopts_nothing(stage: Stage, cli: Cli) -> None:
    """`--dry-run` answers as it would be."""
    cli("policy", "adopt", "toronto-2024", "--dry-run").well()
    assert len(stage.entries(None)) == 1


def test_another_programs_policy_can_not_be_adopted(cli: Cli, tmp_path: Path) -> None:
    """A program's code is for good."""
    file = tmp_path / "oslo.toml"
    file.write_bytes(policy_file({"program": {"code": "OSL"}}))
    cli("policy", "adopt", file).badly(2)
    assert cli("policy", "check", file, json=True).well().json["impact"] is None


def test_a_bad_policy_has_all_its_errors_told(tmp_path: Path) -> None:
    """`policy check` ends with 1 and names key and rule of each mistake."""
    file = tmp_path / "bad.toml"
    file.write_bytes(policy_file({"in_flight": "maybe", "backdating_days": -1}))
    ran = run("policy", "check", file, "--json").badly(1)
    assert ran.json["ok"] is False
    assert {error["key"] for error in ran.json["errors"]} == {"in_flight", "backdating_days"}
    text = run("policy", "check", file).badly(1).out
    assert "in_flight" in text
    assert "keep, new" in text


def test_the_impact_of_a_policy_is_rehearsed(stage: Stage, cli: Cli, tmp_path: Path) -> None:
    """Places held, agreements that keep their policy, and types that it does not know."""
    deciding, active = stage.reach(State.DECISION), stage.reach(State.ACTIVE)
    file = tmp_path / "new.toml"
    file.write_bytes(with_cap(3, deadlines={"evaluation_days": 10}))
    impact = cli("policy", "check", file, json=True).well().json["impact"]
    assert (impact["agreements"], impact["cap"]) == (2, 3)
    assert (impact["counted_before"], impact["counted_after"]) == (1, 1)
    assert impact["kept"] == [str(deciding)]
    assert "Judged by their old policy" in cli("policy", "check", file).well().out
    unknown = cli("policy", "check", "toronto-2024", json=True).well().json["impact"]
    assert str(active) in unknown["unknown_types"]
