"""Policy files: the shipped ones, and reading one with all that is wrong with it."""

import pytest

from guards.policy import Policy
from states.problem import InvalidInputError, Problem
from store.policies import DEFAULT, parse_policy, shipped, shipped_policy
from tests.builders import POLICIES
from tests.builders import shipped as built
from tests.stage import policy_file


def wrong(data: bytes) -> tuple[Problem, ...]:
    """Return the problems of a policy's file."""
    with pytest.raises(InvalidInputError) as caught:
        parse_policy(data, "p.toml")
    assert {problem.file for problem in caught.value.problems} == {"p.toml"}
    return caught.value.problems


def test_shipped_policies_are_named_in_order() -> None:
    """Every file of the folder, and the default is one of them."""
    assert list(shipped()) == sorted(file.stem for file in POLICIES.glob("*.toml"))
    assert len(shipped()) > 1
    assert DEFAULT in shipped()


@pytest.mark.parametrize("name", shipped())
def test_shipped_policy_is_its_file_and_parses(name: str) -> None:
    """Byte for byte, so that its digest is the same everywhere."""
    assert shipped_policy(name) == (POLICIES / f"{name}.toml").read_bytes()
    assert parse_policy(shipped_policy(name)) == built(name)


@pytest.mark.parametrize("name", ["toronto", "", "../../setup", "toronto-2018.toml", "/etc/passwd"])
def test_unknown_name_tells_those_that_are_known(name: str) -> None:
    """And never reaches for a file outside the folder."""
    with pytest.raises(InvalidInputError) as caught:
        shipped_policy(name)
    (problem,) = caught.value.problems
    assert (problem.code, problem.allowed) == ("unknown_policy", shipped())


@pytest.mark.parametrize(
    "zone",
    ["Mars/Base", "America", "../../etc/passwd", "/etc/localtime", "America/Toronto\0", "Zürich"],
)
def test_time_zone_that_is_none_is_told_with_its_key(zone: str) -> None:
    """A folder of zones and a path are no zone either."""
    (problem,) = wrong(policy_file({"program": {"time_zone": zone}}))
    assert problem.key == "program.time_zone"


def test_time_zone_of_the_list_is_taken() -> None:
    """Any IANA name."""
    policy = parse_policy(policy_file({"program": {"time_zone": "Asia/Kathmandu"}}))
    assert isinstance(policy, Policy)
    assert policy.program.time_zone == "Asia/Kathmandu"


def test_file_that_is_no_toml_is_told_with_its_line() -> None:
    """Before anything is said of its keys."""
    (problem,) = wrong(b"cap = 1\ncap = [\n")
    assert (problem.code, problem.line) == ("bad_toml", 2)


def test_all_that_is_wrong_is_told_at_once() -> None:
    """Nobody mends a file one error at a time."""
    problems = wrong(policy_file({"cap": {"at_most": "ten"}, "surprise": 1}))
    assert {problem.key for problem in problems} >= {"cap.at_most", "surprise"}
