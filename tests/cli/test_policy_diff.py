"""`lifecycle policy diff`: two policies compared, by name, file or digest."""

import csv
import io
import re
from pathlib import Path

import pytest

from cli.output.policies import GROUP_TITLES, KEYS
from guards.policy import Policy
from guards.policy_diff import GROUPS, policy_changes
from states.canonical import sha256_hex
from store.policies import parse_policy, shipped, shipped_policy
from tests.cli.conftest import Cli
from tests.cli.running import run
from tests.docs.test_policy_page import keys
from tests.stage import TORONTO, policy_file

WHOLE = {"types.CODE", "types.CODE.term_years", "cap", "limits[]", "criteria.items[]"}
WHOLE |= {"priorities[]", "bodies[]", "conditions[]"}
NAMES = {"limits[].code", "criteria.items[].code", "bodies[].name", "conditions[].code"}


@pytest.fixture
def other(tmp_path: Path) -> Path:
    """Return Toronto's policy with a longer deadline, one body less and a limit."""
    changes = {
        "deadlines": {"decision_days": 200},
        "bodies": [{"name": "City Council", "signs_up_to": 5000}],
        "limits": [{"code": "one_per_country", "at_most": 1, "per": "country"}],
        "priorities": [{"kind": "market", "code": "JP"}],
        "vocabulary": {"roles": ["catalyst", "host"]},
    }
    file = tmp_path / "other.toml"
    file.write_bytes(policy_file(changes))
    return file


def test_every_key_that_can_differ_is_said_in_words() -> None:
    """A key that is added to the policy is found missing here."""
    leaves = {key for key, _default in keys(Policy)} - NAMES
    leaves -= {key for key in leaves if key.startswith("priorities[]")}
    assert set(KEYS) == leaves | WHOLE
    assert set(GROUP_TITLES) == set(GROUPS)


@pytest.mark.parametrize("first", shipped())
@pytest.mark.parametrize("second", ["toronto-2018", "profile-museum"])
def test_shipped_policies_can_be_compared(first: str, second: str) -> None:
    """Without a database, in words; each difference stands there under its key."""
    ran = run("policy", "diff", first, second).well()
    found = policy_changes(*(parse_policy(shipped_policy(name)) for name in (first, second)))
    told = re.sub(r"\s+", " ", ran.out)
    assert [change.key for change in found if f" {change.key}: " not in told] == []
    assert ("No difference" in ran.out) == (first == second)


def test_differences_are_told_in_words_by_groups(other: Path) -> None:
    """What was, what is; of words only those that came or went."""
    out = run("policy", "diff", "toronto-2018", other).well().out
    for piece in (
        f"From toronto-2018 (-) to {other}"[:40],
        "\nDeadlines and periods\n",
        "deadlines.decision_days: days until a decision is owed\n    - 180\n    + 200\n",
        "    - without implementer\n    + with host\n",
        "limits[one_per_country]: a limit\n    - none\n    + at_most 1, per country\n",
        "[City Council].signs_up_to: the most money that it signs for\n    - none\n    + 5000\n",
        "    - home_side true\n    + none\n",
        "priorities[market JP]: a priority, and its days\n    - none\n    + kind market",
    ):
        assert piece in out


def test_json_has_both_policies_and_each_difference(other: Path) -> None:
    """Group, key, what it says, and the two values; money is text."""
    answer = run("policy", "diff", "toronto-2018", other, "--json").well().json
    assert answer["before"] == {"name": "toronto-2018", "digest": sha256_hex(TORONTO)}
    assert answer["after"]["name"] == str(other)
    told = {item["key"]: item for item in answer["differences"]}
    assert told["deadlines.decision_days"] == {
        "group": "deadlines",
        "key": "deadlines.decision_days",
        "what": "days until a decision is owed",
        "before": 180,
        "after": 200,
    }
    assert told["bodies[City Council].signs_up_to"]["after"] == "5000"
    assert told["priorities[market JP]"]["after"][0]["code"] == "JP"
    rows = run("policy", "diff", "toronto-2018", other, "--format", "csv").well().out
    assert [row["key"] for row in csv.DictReader(io.StringIO(rows))] == list(told)


def test_no_difference_says_so(tmp_path: Path) -> None:
    """The same file, and one that says the same in other words; both end with 0."""
    assert "the same file" in run("policy", "diff", "toronto-2005", "toronto-2005").well().out
    file = tmp_path / "same.toml"
    file.write_bytes(policy_file({}))
    assert "mean the same" in run("policy", "diff", file, "toronto-2018").well().out


def test_second_policy_is_the_one_in_force_where_none_is_named(cli: Cli, other: Path) -> None:
    """Compared with what judges now, before and after it is adopted."""
    assert "the same file" in cli("policy", "diff", "toronto-2018").well().out
    cli("policy", "adopt", other, actor="dora").well()
    answer = cli("policy", "diff", "toronto-2018", json=True).well().json
    assert answer["after"] == {"name": "in force", "digest": sha256_hex(other.read_bytes())}


def test_adopted_policy_is_meant_by_the_beginning_of_its_digest(cli: Cli, other: Path) -> None:
    """As long as it means one; what means none is bad input."""
    cli("policy", "adopt", other, actor="dora").well()
    digest = sha256_hex(other.read_bytes())
    for text in (digest, digest[:8], digest[:6].upper()):
        answer = cli("policy", "diff", text, "toronto-2018", json=True).well().json
        assert answer["before"] == {"name": digest[:12], "digest": digest}
    assert "neither" in cli("policy", "diff", "0" * 12).badly(2).err
    assert "neither" in cli("policy", "diff", digest[:5], "toronto-2018").badly(2).err


def test_policy_with_errors_is_bad_input(tmp_path: Path) -> None:
    """Told with its file and key, as `policy check` does."""
    file = tmp_path / "bad.toml"
    file.write_bytes(policy_file({"in_flight": "maybe"}))
    ran = run("policy", "diff", file, "toronto-2018", "--json").badly(2)
    assert [(error["file"], error["key"]) for error in ran.errors] == [(str(file), "in_flight")]
