"""SMART as rules, not as filled-in fields: every part missing alone is told (R14 to R19, R21)."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from guards.policy import Body
from states.agreement import Agreement, Indicator, Term
from states.vocabulary import Guard
from tests.builders import (
    END,
    START,
    case,
    complete_agreement,
    complete_objective,
    complete_project,
    home_party,
    partner_party,
    policy,
    unmet,
    unmet_fields,
    with_objective,
    with_project,
)

ONE_DAY = timedelta(days=1)


def codes_of(agreement: Agreement) -> list[str]:
    """Return what the guard says of an agreement at signing."""
    return unmet(Guard.SMART_COMPLETE, case(of=agreement))


def test_complete_agreement_is_smart() -> None:
    """Nothing is missing where everything is said."""
    assert codes_of(complete_agreement()) == []


def test_agreement_without_a_project_is_not_smart() -> None:
    """It can't be signed without at least one project."""
    assert codes_of(complete_agreement(projects=())) == ["project.missing"]


@pytest.mark.parametrize("side", ["home", "partner"])
def test_side_without_responsibilities_is_told(side: str) -> None:
    """Both sides say what they take on; a placeholder does not."""
    parties = (home_party(), partner_party())
    idle = tuple(
        type(party)(party.side, party.name, party.kind, party.country, responsibilities="TBD")
        if party.side == side
        else party
        for party in parties
    )
    assert codes_of(complete_agreement(parties=idle)) == [f"assignable.{side}_responsibilities"]


def test_responsibilities_of_one_party_a_side_are_enough() -> None:
    """A side of several parties says together what it takes on."""
    airport = partner_party(name="Airport", kind="gateway", responsibilities="")
    assert codes_of(complete_agreement(parties=(home_party(), airport, partner_party()))) == []


@pytest.mark.parametrize(
    ("changes", "code", "path"),
    [
        ({"name": ""}, "project.name_missing", "projects[0].name"),
        ({"kind": ""}, "project.kind_missing", "projects[0].kind"),
        ({"objectives": ()}, "specific.objective_missing", "projects[0].objectives"),
        ({"end": None}, "time.end_missing", "projects[0].end"),
        ({"examined": None}, "time.examined_missing", "projects[0].examined"),
        ({"start": date(2029, 7, 1)}, "time.order", "projects[0]"),
        ({"examined": date(2029, 6, 29)}, "time.order", "projects[0]"),
        (
            {"end": END + ONE_DAY, "examined": END + ONE_DAY},
            "time.outside_term",
            "projects[0].end",
        ),
        ({"end": START - ONE_DAY}, "time.outside_term", "projects[0].end"),
    ],
)
def test_project_that_lacks_one_part_is_told_that_part(
    changes: dict[str, Any], code: str, path: str
) -> None:
    """One thing missing of a project is one condition, at its place in the document."""
    judged = case(of=with_project(**changes))
    assert unmet(Guard.SMART_COMPLETE, judged) == [code]
    assert unmet_fields(Guard.SMART_COMPLETE, judged) == [path]


@pytest.mark.parametrize(
    "changes",
    [
        {"start": START, "end": START, "examined": START},
        {"start": END, "end": END, "examined": END + ONE_DAY},
        {"start": date(2026, 6, 1)},
    ],
    ids=["all_on_the_first_day", "last_day_and_examined_after", "begun_before_the_term"],
)
def test_project_dates_may_touch_each_other_and_the_terms_edges(changes: dict[str, Any]) -> None:
    """Start, end and examination may fall on one day; only the end must lie in the term."""
    assert codes_of(with_project(**changes)) == []


def test_project_without_a_term_is_not_held_against_one() -> None:
    """That the term is missing is for another guard to say."""
    assert codes_of(complete_agreement(term=None)) == []


@pytest.mark.parametrize(
    ("changes", "code", "key"),
    [
        ({"kind": ""}, "specific.kind_missing", "kind"),
        ({"objective": "tbd"}, "specific.objective_missing", "objective"),
        ({"activity": " - "}, "specific.activity_missing", "activity"),
        ({"responsible": ""}, "assignable.responsible_missing", "responsible"),
        ({"responsible": "Somebody"}, "assignable.responsible_missing", "responsible"),
        ({"indicators": ()}, "measurable.indicator_missing", "indicators"),
    ],
)
def test_objective_that_lacks_one_part_is_told_that_part(
    changes: dict[str, Any], code: str, key: str
) -> None:
    """One thing missing of an objective is one condition, at its place in the document."""
    judged = case(of=with_objective(**changes))
    assert unmet(Guard.SMART_COMPLETE, judged) == [code]
    assert unmet_fields(Guard.SMART_COMPLETE, judged) == [f"projects[0].objectives[0].{key}"]


def test_objective_and_activity_in_the_same_words_are_not_specific() -> None:
    """What is to be reached and by what are two things, whatever the letters' case."""
    same = with_objective(objective="Run a mission", activity="RUN A MISSION")
    assert codes_of(same) == ["specific.same"]


def test_blank_objective_and_activity_are_missing_and_not_the_same() -> None:
    """Two blanks are told as two gaps."""
    blank = with_objective(objective="", activity="")
    assert codes_of(blank) == ["specific.objective_missing", "specific.activity_missing"]


@pytest.mark.parametrize("name", ["City of Toronto", "Chongqing", "Toronto Global"])
def test_party_or_home_side_body_can_be_responsible(name: str) -> None:
    """Either side's party answers for an objective, and so does a body of the home side."""
    under = policy(bodies=(Body("Toronto Global", home_side=True), Body("City Council")))
    judged = case(of=with_objective(responsible=name), under=under)
    assert unmet(Guard.SMART_COMPLETE, judged) == []


def test_body_that_is_not_of_the_home_side_cannot_be_responsible() -> None:
    """A body that only decides does not carry out objectives."""
    under = policy(bodies=(Body("Toronto Global", home_side=True), Body("City Council")))
    judged = case(of=with_objective(responsible="City Council"), under=under)
    assert unmet(Guard.SMART_COMPLETE, judged) == ["assignable.responsible_missing"]


def test_nobody_is_responsible_where_no_party_has_a_name() -> None:
    """A blank name does not answer for a blank responsible."""
    parties = (home_party(name=""), partner_party(name=""))
    agreement = complete_agreement(
        parties=parties,
        projects=(complete_project(objectives=(complete_objective(responsible=""),)),),
    )
    judged = case(of=agreement, under=policy(bodies=()))
    assert unmet(Guard.SMART_COMPLETE, judged) == ["assignable.responsible_missing"]


@pytest.mark.parametrize(
    "indicator",
    [
        Indicator("", "businesses", Decimal(0), Decimal(40)),
        Indicator("businesses", " ", Decimal(0), Decimal(40)),
        Indicator("businesses", "businesses", None, Decimal(40)),
        Indicator("businesses", "businesses", Decimal(0), None),
        Indicator("businesses", "businesses", Decimal(40), Decimal("40.0")),
    ],
    ids=["no_name", "no_unit", "no_baseline", "no_target", "target_is_baseline"],
)
def test_indicator_that_measures_nothing_does_not_count(indicator: Indicator) -> None:
    """Name, unit, baseline, and a target that differs from it: all four or none."""
    agreement = with_objective(indicators=(indicator,))
    assert codes_of(agreement) == ["measurable.indicator_missing"]


@pytest.mark.parametrize("target", ["-1", "0.5", "40"])
def test_target_may_be_below_or_above_its_baseline(target: str) -> None:
    """Less of something is a target too, and a short unit is a unit."""
    useless = Indicator("x", "", None, None)
    indicator = Indicator("waiting time", "%", Decimal(0), Decimal(target))
    assert codes_of(with_objective(indicators=(useless, indicator))) == []


def test_everything_that_is_missing_is_told_at_once() -> None:
    """Who mends an agreement sees all gaps of all projects in one refusal."""
    bare = complete_project(
        name="", kind="", end=None, examined=None, objectives=(complete_objective(kind=""),)
    )
    agreement = complete_agreement(
        term=Term(START, END), projects=(complete_project(objectives=()), bare)
    )
    assert codes_of(agreement) == [
        "specific.objective_missing",
        "project.name_missing",
        "project.kind_missing",
        "time.end_missing",
        "time.examined_missing",
        "specific.kind_missing",
    ]
