"""The policy model: severities, bodies, regions, the leap day."""

from decimal import Decimal

import pytest

from guards.policy import DEFAULT_SEVERITY, NEVER_OFF, NEVER_WAIVED, WAIVABLE, Body
from states.vocabulary import Guard, Severity, Trigger
from tests.builders import policy, policy_with_type, program

BLOCK, WARN, OFF = Severity.BLOCK, Severity.WARN, Severity.OFF


@pytest.mark.parametrize("guard", Guard)
def test_silent_policy_blocks_but_for_the_engines_three(guard: Guard) -> None:
    """What neither type nor policy speaks of blocks, except the guards that warn by default."""
    silent = policy_with_type(guards={})
    silent = policy(types=silent.types, guards={})
    expected = WARN if guard in DEFAULT_SEVERITY else BLOCK
    assert silent.severity(guard, "partnership", Trigger.ACTIVATE) is expected


@pytest.mark.parametrize(
    ("of_type", "of_policy", "expected"),
    [
        ({}, {}, BLOCK),
        ({}, {"endorsed": WARN}, WARN),
        ({"endorsed": OFF}, {"endorsed": WARN}, OFF),
        ({"endorsed": BLOCK}, {"endorsed": OFF}, BLOCK),
    ],
)
def test_types_word_goes_before_the_policys(
    of_type: dict[str, Severity], of_policy: dict[str, Severity], expected: Severity
) -> None:
    """First the type, then the policy, then the engine."""
    rules = policy(types=policy_with_type(guards=of_type).types, guards=of_policy)
    assert rules.severity(Guard.ENDORSED, "partnership", Trigger.SIGN) is expected


def test_type_that_the_policy_does_not_know_has_the_policys_severity() -> None:
    """An unknown type has no word of its own."""
    rules = policy(guards={"endorsed": WARN})
    assert rules.severity(Guard.ENDORSED, "other", Trigger.SIGN) is WARN


@pytest.mark.parametrize(
    ("stated", "trigger", "expected"),
    [
        (BLOCK, Trigger.ACCEPT, WARN),
        (BLOCK, Trigger.SIGN, WARN),
        (BLOCK, Trigger.ACTIVATE, BLOCK),
        (WARN, Trigger.ACTIVATE, WARN),
        (OFF, Trigger.SIGN, OFF),
    ],
)
def test_cap_blocks_at_activation_only(
    stated: Severity, trigger: Trigger, expected: Severity
) -> None:
    """Before activation a full cap only warns; a policy may make it weaker still."""
    rules = policy(guards={"cap_available": stated})
    assert rules.severity(Guard.CAP_AVAILABLE, "partnership", trigger) is expected


def test_guards_that_are_never_off_are_those_of_the_design() -> None:
    """SMART, resources, the term and the second person can't be switched off."""
    assert {"smart_complete", "resourced", "time_bound", "second_person"} == NEVER_OFF


def test_every_guard_is_either_waivable_or_never_waived() -> None:
    """What is never off is never waived, and a new guard falls on one side."""
    assert set(WAIVABLE) | NEVER_WAIVED == set(Guard)
    assert not set(WAIVABLE) & NEVER_WAIVED
    assert NEVER_OFF <= NEVER_WAIVED


def test_silent_policy_waives_by_decider_and_records_by_both() -> None:
    """What a policy adopted before these keys means by them."""
    silent = policy(bodies=(Body("City Council"),))
    assert (silent.waivers.by, silent.waivers.guards) == ("decider", WAIVABLE)
    assert silent.bodies[0].recorded_by == ("staff", "decider")
    assert not silent.bodies[0].resolution
    assert silent.signs_up_to is None
    assert (silent.deferral_days, silent.approval_days) == (180, 90)


def test_body_is_found_by_its_name() -> None:
    """Nobody is nobody, and so is no name."""
    council = Body("City Council", signs_up_to=Decimal(5))
    rules = policy(bodies=(council,))
    assert rules.body("City Council") is council
    assert rules.body("Nobody") is None
    assert rules.body(None) is None


def test_region_of_a_country_is_the_one_that_lists_it() -> None:
    """A country that no region lists has none."""
    rules = policy(regions={"east-asia": ("CN", "JP"), "europe": ("DE",)})
    assert rules.region_of("DE") == "europe"
    assert rules.region_of("BR") is None
    assert rules.region_of(None) is None


@pytest.mark.parametrize(("leap_day", "expected"), [("february-28", False), ("march-1", True)])
def test_leap_day_is_the_policys_to_say(*, leap_day: str, expected: bool) -> None:
    """The policy says where 29 February falls in a common year."""
    assert policy(program=program(leap_day=leap_day)).leap_to_march is expected
