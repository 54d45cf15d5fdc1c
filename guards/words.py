"""Holds a document's and a sheet's words against the policy's vocabularies, as they come in."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from guards.policy import Policy
from states.agreement import Agreement
from states.problem import InvalidInputError, Problem
from states.records import FACTORS, OUTCOMES, RECOMMENDATIONS, Evaluation, ScoreSheet

SIDES = ("home", "partner")
RESOURCE_KINDS = ("funding", "staff")
_COUNTRY_LETTERS = 2
_CURRENCY_LETTERS = 3

_PLACE = re.compile(r"\[\d+\]")

_Use = tuple[str, str | None, Iterable[str]]


def check_agreement(agreement: Agreement, policy: Policy, file: str | None = None) -> None:
    """Refuse words that the policy does not know; raises InvalidInputError with all of them."""
    problems = [
        Problem("not_allowed", f"{word!r} is not one of these words", file, None, key, tuple(known))
        for key, word, known in _uses(agreement, policy)
        if word and word not in known
    ]
    problems += [
        Problem("not_a_code", f"{code!r} is not {what}", file, None, key)
        for key, code, letters, what in _codes(agreement)
        if code and not _is_code(code, letters)
    ]
    problems += [
        Problem("repeated", f"{id_!r} stands more than once", file, None, key)
        for key, id_ in _repeated(agreement)
    ]
    if not agreement.title:
        problems.append(Problem("missing_key", "a title is required", file, None, "title"))
    if problems:
        raise InvalidInputError(problems)


def unknown_words(agreement: Agreement, policy: Policy) -> Iterator[tuple[str, str]]:
    """Yield each word of a document that the policy does not know, with its key.

    The key has no places in lists; the agreement's type is not among these words.
    """
    for key, word, known in _uses(agreement, policy):
        if word and word not in known and key != "type":
            yield _PLACE.sub("", key), word


def is_currency(code: str) -> bool:
    """Whether a text has the form of a currency's code, as CAD has."""
    return _is_code(code, _CURRENCY_LETTERS)


def check_scores(sheet: ScoreSheet, policy: Policy, file: str | None = None) -> None:
    """Refuse criteria, factors and values that the policy does not know."""
    criteria = policy.criteria
    codes = tuple(item.code for item in criteria.items)
    problems = [
        *_unknown(sheet.scores, codes, "scores", file),
        *_unknown(sheet.factors, FACTORS, "factors", file),
    ]
    for code, score in sheet.scores.items():
        if code in codes and not criteria.lowest <= score.value <= criteria.highest:
            message = f"{score.value} is not from {criteria.lowest} to {criteria.highest}"
            problems.append(Problem("out_of_range", message, file, None, f"scores.{code}.value"))
    if problems:
        raise InvalidInputError(problems)


def check_evaluation(sheet: Evaluation, agreement: Agreement, file: str | None = None) -> None:
    """Refuse outcomes that are no outcome, and projects that the agreement does not have."""
    known = tuple(project.id or "" for project in agreement.projects)
    uses: list[_Use] = [
        ("agreement.outcome", sheet.agreement.outcome, OUTCOMES),
        ("value.recommendation", sheet.value.recommendation, RECOMMENDATIONS),
    ]
    for index, project in enumerate(sheet.projects):
        uses.append((f"projects[{index}].outcome", project.outcome, OUTCOMES))
        uses.append((f"projects[{index}].id", project.id or "(none)", known))
    problems = [
        Problem(
            "not_allowed", f"{word!r} is not one of these words", file, None, key, tuple(allowed)
        )
        for key, word, allowed in uses
        if word and word not in allowed
    ]
    judged = Counter(project.id for project in sheet.projects)
    problems += [
        Problem("repeated", f"{id_!r} is judged {count} times", file, None, "projects")
        for id_, count in judged.items()
        if count > 1
    ]
    if problems:
        raise InvalidInputError(problems)


def _uses(agreement: Agreement, policy: Policy) -> Iterator[_Use]:
    words = policy.vocabulary
    yield "type", agreement.type or "(none)", policy.types
    yield "origin", agreement.origin, words.origins
    yield "role", agreement.role, words.roles
    for index, goal in enumerate(agreement.goals if policy.program.goals else ()):
        yield f"goals[{index}]", goal, policy.program.goals
    for index, party in enumerate(agreement.parties):
        yield f"parties[{index}].side", party.side or "(none)", SIDES
        yield f"parties[{index}].kind", party.kind, words.party_kinds
        yield f"parties[{index}].why", party.why, words.partner_reasons
    ids = tuple(project.id or "" for project in agreement.projects)
    for index, project in enumerate(agreement.projects):
        path = f"projects[{index}]"
        yield f"{path}.kind", project.kind, words.project_kinds
        for place, objective in enumerate(project.objectives):
            yield f"{path}.objectives[{place}].kind", objective.kind, words.objective_kinds
        for place, resource in enumerate(project.resources):
            yield f"{path}.resources[{place}].kind", resource.kind or "(none)", RESOURCE_KINDS
    for index, milestone in enumerate(agreement.milestones):
        yield f"milestones[{index}].project", milestone.project, ids
    for name in ("obligations", "signatures", "contacts"):
        for index, item in enumerate(getattr(agreement, name)):
            yield f"{name}[{index}].side", item.side or "(none)", SIDES


def _codes(agreement: Agreement) -> Iterator[tuple[str, str | None, int, str]]:
    for index, party in enumerate(agreement.parties):
        what = 'a two-letter country code like "CN"'
        yield f"parties[{index}].country", party.country, _COUNTRY_LETTERS, what
    for index, project in enumerate(agreement.projects):
        for place, resource in enumerate(project.resources):
            key = f"projects[{index}].resources[{place}].currency"
            yield key, resource.currency, _CURRENCY_LETTERS, 'a currency code like "CAD"'


def _is_code(code: str, letters: int) -> bool:
    return code.isascii() and code.isalpha() and code.isupper() and len(code) == letters


def _repeated(agreement: Agreement) -> Iterator[tuple[str, str]]:
    for name in ("projects", "milestones", "obligations"):
        seen: set[str] = set()
        for index, item in enumerate(getattr(agreement, name)):
            if item.id in seen:
                yield f"{name}[{index}].id", item.id
            if item.id:
                seen.add(item.id)


def _unknown(
    given: Mapping[str, object], known: tuple[str, ...], path: str, file: str | None
) -> Iterator[Problem]:
    for code in given:
        if code not in known:
            message = f"{code!r} is not one of these words"
            yield Problem("not_allowed", message, file, None, f"{path}.{code}", known)
