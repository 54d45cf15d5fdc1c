"""Guards on activation: first day, cap and limits, project focus, publication."""

from datetime import date, timedelta

import pytest

from guards.policy import Cap, Limit
from states.vocabulary import Guard, Severity, State, Trigger
from tests.builders import (
    END,
    START,
    case,
    complete_agreement,
    complete_project,
    facts,
    policy,
    policy_with_type,
    standing,
    unmet,
)

ONE_DAY = timedelta(days=1)
ONE_A_COUNTRY = Limit("one_per_country", 1, "country")
ACTIVATE = Trigger.ACTIVATE


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (START - ONE_DAY, ["term.not_started"]),
        (START, []),
        (END, []),
        (END + ONE_DAY, ["term.over"]),
    ],
)
def test_agreement_is_activated_within_its_term_only(day: date, expected: list[str]) -> None:
    """From the first day to the last one, both included."""
    assert unmet(Guard.EFFECTIVE, case(ACTIVATE, effective_on=day)) == expected


def test_agreement_without_a_term_is_in_effect_once_signed() -> None:
    """There is no first day to wait for."""
    of = complete_agreement(term=None, review=date(2027, 6, 1))
    assert unmet(Guard.EFFECTIVE, case(ACTIVATE, of=of)) == []


@pytest.mark.parametrize(
    ("others", "expected"), [(0, []), (9, []), (10, ["cap.full"]), (26, ["cap.full"])]
)
def test_eleventh_activation_finds_the_cap_full(others: int, expected: list[str]) -> None:
    """Nine others leave a place, ten do not, and an over-cap portfolio does not either."""
    assert unmet(Guard.CAP_AVAILABLE, case(ACTIVATE, among=facts(counted=others))) == expected


def test_agreement_that_holds_a_place_keeps_it() -> None:
    """A later term of a counted agreement passes, though the cap is full and limits reached."""
    at = standing(state=State.SIGNED, counted=True, activated=True, term=2)
    among = facts(counted=10, limits={"one_per_country": 5})
    under = policy(limits=(ONE_A_COUNTRY,))
    assert unmet(Guard.CAP_AVAILABLE, case(ACTIVATE, at=at, under=under, among=among)) == []


def test_type_outside_the_cap_is_not_held_by_it() -> None:
    """MOUs take no place, so a full cap does not matter to them."""
    of = complete_agreement(type="mou")
    judged = case(ACTIVATE, of=of, among=facts(counted=10))
    assert unmet(Guard.CAP_AVAILABLE, judged) == []


def test_program_without_a_cap_has_places_without_end() -> None:
    """A policy may name no cap at all."""
    judged = case(ACTIVATE, under=policy(cap=None), among=facts(counted=1000))
    assert unmet(Guard.CAP_AVAILABLE, judged) == []


def test_cap_of_zero_lets_nothing_in() -> None:
    """A program that is winding down activates nothing more."""
    assert unmet(Guard.CAP_AVAILABLE, case(ACTIVATE, under=policy(cap=Cap(0)))) == ["cap.full"]


def test_type_that_the_policy_does_not_know_is_not_counted() -> None:
    """A cap counts the policy's own types."""
    judged = case(ACTIVATE, of=complete_agreement(type="other"), among=facts(counted=10))
    assert unmet(Guard.CAP_AVAILABLE, judged) == []


@pytest.mark.parametrize(
    ("others", "expected"), [({}, []), ({"one_per_country": 1}, ["limit.one_per_country"])]
)
def test_limit_of_the_policy_holds_like_the_cap(
    others: dict[str, int], expected: list[str]
) -> None:
    """One other agreement with the same country is one too many."""
    under = policy(limits=(ONE_A_COUNTRY,))
    judged = case(ACTIVATE, under=under, among=facts(limits=others))
    assert unmet(Guard.CAP_AVAILABLE, judged) == expected


@pytest.mark.parametrize(
    ("types", "expected"),
    [((), ["limit.none"]), (("partnership",), ["limit.none"]), (("friendship",), [])],
)
def test_limit_holds_for_its_types_only(types: tuple[str, ...], expected: list[str]) -> None:
    """A limit of zero for friendships keeps no partnership out."""
    under = policy(limits=(Limit("none", 0, types=types),))
    assert unmet(Guard.CAP_AVAILABLE, case(ACTIVATE, under=under)) == expected


def test_full_cap_and_reached_limits_are_told_together() -> None:
    """Who makes room sees all that is full."""
    limits = (ONE_A_COUNTRY, Limit("two_a_year", 2, "year"))
    among = facts(counted=10, limits={"one_per_country": 1, "two_a_year": 2})
    judged = case(ACTIVATE, under=policy(limits=limits), among=among)
    assert unmet(Guard.CAP_AVAILABLE, judged) == [
        "cap.full",
        "limit.one_per_country",
        "limit.two_a_year",
    ]


@pytest.mark.parametrize(("others", "expected"), [(0, []), (1, []), (2, ["projects.too_many"])])
def test_third_project_of_a_year_is_out_of_focus(others: int, expected: list[str]) -> None:
    """Two projects a year, this agreement's among them."""
    judged = case(ACTIVATE, among=facts(projects={2027: others}))
    assert unmet(Guard.PROJECT_FOCUS, judged) == expected


def test_agreements_own_projects_count_by_the_year_they_start_in() -> None:
    """Three that start in one year are too many, spread over two they are not."""
    first, later = complete_project(), complete_project(start=date(2028, 1, 1))
    for projects, expected in (
        ((first, first, first), ["projects.too_many"]),
        ((first, first, later), []),
        ((first, first, first, later, later, later), ["projects.too_many"] * 2),
    ):
        judged = case(ACTIVATE, of=complete_agreement(projects=projects))
        assert unmet(Guard.PROJECT_FOCUS, judged) == expected


def test_project_without_any_start_begins_on_the_day_of_the_act() -> None:
    """Without a start of its own or a term, a project begins when the agreement does."""
    judged = case(ACTIVATE, of=complete_agreement(term=None), among=facts(projects={2027: 2}))
    assert unmet(Guard.PROJECT_FOCUS, judged) == ["projects.too_many"]


def test_policy_without_a_focus_takes_any_number_of_projects() -> None:
    """The limit on projects can be left open."""
    judged = case(ACTIVATE, under=policy(projects_per_year=None), among=facts(projects={2027: 99}))
    assert unmet(Guard.PROJECT_FOCUS, judged) == []


@pytest.mark.parametrize(
    ("noted", "codes"),
    [((), ["publication.missing"]), ((1,), []), ((2,), ["publication.missing"]), ((1, 2), [])],
)
def test_signed_agreement_is_told_to_be_published(noted: tuple[int, ...], codes: list[str]) -> None:
    """R28: until a publication of the term that was signed last is on record."""
    judged = case(ACTIVATE, among=facts(published=frozenset(noted)))
    assert unmet(Guard.PUBLISHED, judged) == codes


@pytest.mark.parametrize("severity", Severity)
def test_publication_blocks_warns_or_is_off_by_the_policys_word(severity: Severity) -> None:
    """R28: where the policy says nothing, it warns."""
    rules = policy(guards={Guard.PUBLISHED: severity})
    assert rules.severity(Guard.PUBLISHED, "partnership", ACTIVATE) is severity
    silent = policy(guards={}).severity(Guard.PUBLISHED, "partnership", ACTIVATE)
    assert silent is Severity.WARN


def test_agreement_that_never_was_signed_has_nothing_to_publish() -> None:
    """There is no signed text yet."""
    assert unmet(Guard.PUBLISHED, case(ACTIVATE, at=standing(signed_term=None))) == []


def test_type_that_counts_is_data() -> None:
    """Taking friendships out of the cap needs no line of code."""
    under = policy_with_type("friendship", counts=False)
    judged = case(
        ACTIVATE, of=complete_agreement(type="friendship"), under=under, among=facts(counted=10)
    )
    assert unmet(Guard.CAP_AVAILABLE, judged) == []
