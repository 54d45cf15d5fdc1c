"""Words of documents and sheets, held against the policy's vocabularies as they come in."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from guards.policy import Criteria, Vocabulary
from guards.words import check_agreement, check_evaluation, check_scores, unknown_words
from states.agreement import Agreement, Contact, Milestone, Obligation, Resource, Signature
from states.problem import InvalidInputError, Problem
from states.records import AgreementOutcome, Evaluation, ProjectOutcome, Score, Value
from tests.builders import (
    complete_agreement,
    complete_project,
    evaluation,
    friendship,
    funding,
    home_party,
    partner_party,
    policy,
    program,
    score_sheet,
    with_objective,
    with_project,
)


def problems_of(check: Callable[..., None], *args: Any) -> tuple[Problem, ...]:  # noqa: ANN401
    """Return the problems with which something is refused."""
    with pytest.raises(InvalidInputError) as caught:
        check(*args, "a.toml")
    assert {problem.file for problem in caught.value.problems} == {"a.toml"}
    return caught.value.problems


def keys_of(agreement: Agreement) -> list[tuple[str, str | None]]:
    """Return code and key of all that is wrong with a document's words."""
    return [(p.code, p.key) for p in problems_of(check_agreement, agreement, policy())]


@pytest.mark.parametrize(
    "agreement",
    [complete_agreement(), friendship(), Agreement("mou", "Only what is required")],
    ids=["partnership", "friendship", "bare"],
)
def test_documents_in_the_policys_words_are_taken(agreement: Agreement) -> None:
    """What is not said yet is no wrong word."""
    check_agreement(agreement, policy())


@pytest.mark.parametrize("code", ["other", "Partnership", ""])
def test_type_is_one_of_the_policys(code: str) -> None:
    """An unknown or blank type is refused with those that there are."""
    (problem,) = problems_of(check_agreement, complete_agreement(type=code), policy())
    assert (problem.code, problem.key) == ("not_allowed", "type")
    assert problem.allowed == ("partnership", "friendship", "mou")


def test_blank_title_is_refused() -> None:
    """An agreement that no list could show is no agreement."""
    assert keys_of(complete_agreement(title="")) == [("missing_key", "title")]


@pytest.mark.parametrize(
    ("agreement", "key"),
    [
        (complete_agreement(origin="mars"), "origin"),
        (complete_agreement(role="owner"), "role"),
        (complete_agreement(parties=(home_party(side="left"),)), "parties[0].side"),
        (complete_agreement(parties=(home_party(side=""),)), "parties[0].side"),
        (complete_agreement(parties=(home_party(kind="town"),)), "parties[0].kind"),
        (complete_agreement(parties=(home_party(why="because"),)), "parties[0].why"),
        (with_project(kind="party"), "projects[0].kind"),
        (with_objective(kind="fun"), "projects[0].objectives[0].kind"),
        (with_project(resources=(funding(kind="gold"),)), "projects[0].resources[0].kind"),
        (with_project(resources=(Resource(),)), "projects[0].resources[0].kind"),
        (
            complete_agreement(milestones=(Milestone("First", project="other"),)),
            "milestones[0].project",
        ),
        (complete_agreement(obligations=(Obligation("a", ""),)), "obligations[0].side"),
        (complete_agreement(signatures=(Signature("both"),)), "signatures[0].side"),
        (complete_agreement(contacts=(Contact(),)), "contacts[0].side"),
    ],
)
def test_word_that_the_policy_does_not_know_is_told_at_its_place(
    agreement: Agreement, key: str
) -> None:
    """Every word of a list is checked where it stands, with what is allowed."""
    (problem,) = problems_of(check_agreement, agreement, policy())
    assert (problem.code, problem.key) == ("not_allowed", key)
    assert problem.allowed


@pytest.mark.parametrize("country", ["cn", "CHN", "C1", "中国", "China"])
def test_country_is_two_capital_letters(country: str) -> None:
    """Countries are compared by code, so they have one form."""
    parties = (home_party(), partner_party(country=country))
    assert keys_of(complete_agreement(parties=parties)) == [("not_a_code", "parties[1].country")]


@pytest.mark.parametrize("currency", ["cad", "CA", "$"])
def test_currency_is_three_capital_letters(currency: str) -> None:
    """Amounts are added up by currency, so it has one form."""
    agreement = with_project(resources=(funding(currency=currency),))
    assert keys_of(agreement) == [("not_a_code", "projects[0].resources[0].currency")]


@pytest.mark.parametrize(
    ("changes", "key"),
    [
        ({"projects": (complete_project(), complete_project())}, "projects[1].id"),
        ({"milestones": (Milestone("A", "a"), Milestone("B", "a"))}, "milestones[1].id"),
        (
            {"obligations": (Obligation("a", "home"), Obligation("a", "partner"))},
            "obligations[1].id",
        ),
    ],
)
def test_id_that_stands_twice_is_told_at_the_second_place(
    changes: dict[str, Any], key: str
) -> None:
    """Evaluations and records refer to ids, so each means one thing."""
    assert keys_of(complete_agreement(**changes)) == [("repeated", key)]


def test_missing_ids_are_not_repeated() -> None:
    """Ids that are still to be made do not clash."""
    projects = (complete_project(id=None, name="A"), complete_project(id=None, name="B"))
    check_agreement(complete_agreement(projects=projects, milestones=()), policy())


def test_goals_are_the_policys_where_it_names_some() -> None:
    """Toronto's policy names none, so any goal is taken; another one's are held."""
    agreement = complete_agreement(goals=("jobs", "culture"))
    check_agreement(agreement, policy())
    named = policy(program=program(goals={"jobs": "More jobs"}))
    (problem,) = problems_of(check_agreement, agreement, named)
    assert (problem.key, problem.allowed) == ("goals[1]", ("jobs",))


def test_all_wrong_words_of_a_document_are_told_at_once() -> None:
    """Words, codes, ids and title in one refusal."""
    agreement = complete_agreement(
        title="",
        origin="mars",
        parties=(partner_party(country="china"),),
        projects=(complete_project(), complete_project()),
    )
    assert [code for code, _ in keys_of(agreement)] == [
        "not_allowed",
        "not_a_code",
        "repeated",
        "missing_key",
    ]


def test_complete_score_sheet_is_taken() -> None:
    """Every criterion, every factor, values at both ends of the scale."""
    check_scores(score_sheet(), policy())
    edges = {"resources": Score(0), "objectives": Score(5)}
    check_scores(score_sheet(scores=edges), policy())


@pytest.mark.parametrize("value", [-1, 6])
def test_score_outside_the_scale_is_refused(value: int) -> None:
    """From 0 to 5, as the policy says."""
    sheet = score_sheet(scores={"resources": Score(value)})
    (problem,) = problems_of(check_scores, sheet, policy())
    assert (problem.code, problem.key) == ("out_of_range", "scores.resources.value")
    assert problem.message == f"{value} is not from 0 to 5"


def test_scale_is_the_policys() -> None:
    """On another scale another score is outside."""
    criteria = replace(policy().criteria, lowest=1, highest=9)
    assert isinstance(criteria, Criteria)
    check_scores(score_sheet(scores={"resources": Score(9)}), policy(criteria=criteria))


def test_unknown_criterion_and_factor_are_told_once_each() -> None:
    """A score for nothing is told as that, whatever its value."""
    sheet = score_sheet(scores={"beauty": Score(99)}, factors={"luck": "much"})
    problems = problems_of(check_scores, sheet, policy())
    assert [(p.code, p.key) for p in problems] == [
        ("not_allowed", "scores.beauty"),
        ("not_allowed", "factors.luck"),
    ]
    assert "available_resources" in problems[1].allowed


@pytest.mark.parametrize("sheet", [evaluation(), Evaluation()], ids=["complete", "blank"])
def test_evaluation_in_known_words_is_taken(sheet: Evaluation) -> None:
    """What is blank is not judged yet, and no wrong word."""
    check_evaluation(sheet, complete_agreement())


@pytest.mark.parametrize(
    ("changes", "code", "key"),
    [
        ({"agreement": AgreementOutcome("good", "Found.")}, "not_allowed", "agreement.outcome"),
        ({"value": Value("Much.", "keep")}, "not_allowed", "value.recommendation"),
        (
            {"projects": (ProjectOutcome("trade-mission", "good"),)},
            "not_allowed",
            "projects[0].outcome",
        ),
        ({"projects": (ProjectOutcome("other", "met"),)}, "not_allowed", "projects[0].id"),
        ({"projects": (ProjectOutcome("", "met"),)}, "not_allowed", "projects[0].id"),
        (
            {"projects": (ProjectOutcome("trade-mission", "met"),) * 2},
            "repeated",
            "projects",
        ),
    ],
)
def test_wrong_word_of_an_evaluation_is_told_at_its_place(
    changes: dict[str, Any], code: str, key: str
) -> None:
    """Outcomes, recommendation and projects are those that there are, each judged once."""
    sheet = evaluation(**changes)
    problems = problems_of(check_evaluation, sheet, complete_agreement())
    assert [(p.code, p.key) for p in problems] == [(code, key)]


def test_words_that_a_policy_does_not_know_are_told_by_key() -> None:
    """Without places in lists, so that documents can be put together; the type is not a word."""
    strange = policy(vocabulary=Vocabulary(party_kinds=("university",), roles=("host",)), types={})
    found = list(unknown_words(complete_agreement(), strange))
    assert found == [("role", "catalyst"), ("parties.kind", "city"), ("parties.kind", "city")]
    assert list(unknown_words(complete_agreement(), policy())) == []
