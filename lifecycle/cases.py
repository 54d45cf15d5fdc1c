"""Builds the case that guards judge, with the facts that these guards need and no others."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from msgspec.structs import replace

from guards.case import Act, Case, Facts, Need
from guards.registry import asked, needs_of
from guards.resourced import funding_by_year
from lifecycle.authority import still_held
from lifecycle.matter import Matter
from lifecycle.ports import Unit
from states.agreement import Agreement
from states.records import Evaluation, ScoreSheet
from states.standing import Standing, Waiver
from states.vocabulary import Guard, Rule


def build(
    matter: Matter, act: Act, guards: Iterable[Guard], wanted: Agreement | None = None
) -> Case:
    """Return the case for some guards, reading no more than they need; one that is off needs none.

    `wanted` is the document that is judged where that is not the current one.
    """
    unit, standing = matter.unit, with_live_waivers(matter)
    needs = needs_of(asked(guards, matter.policy, standing.type, act.trigger))
    if not needs:
        return Case(standing, matter.policy, act)
    document = wanted
    if document is None and Need.DOCUMENT in needs:
        document = unit.document(standing)
    facts = Facts(
        counted=unit.counted_others(standing.key) if _asks_cap(needs, matter) else 0,
        limits=_limits(matter, act) if Need.PORTFOLIO in needs else {},
        projects=_projects(matter, document, act) if Need.PROJECTS in needs else {},
        committed=_committed(matter, document) if Need.COMMITMENTS in needs else {},
        scores=_scores(matter) if Need.SCORES in needs else None,
        evaluation=_evaluation(matter) if Need.EVALUATION in needs else None,
        annual=unit.annual_years(standing.key) if Need.REPORTS in needs else frozenset(),
        notice=unit.notice_given(standing, Rule.LAPSES) if Need.NOTICE in needs else None,
        published=_published(matter) if Need.PUBLICATIONS in needs else frozenset(),
    )
    return Case(standing, matter.policy, act, document, facts)


def terms_published(unit: Unit, standings: Sequence[Standing]) -> Mapping[int, frozenset[int]]:
    """Return of several agreements, by key, the terms of which a publication is on record."""
    return {
        key: frozenset(one.term for one in publications if one.term is not None)
        for key, publications in unit.publications_of(standings).items()
    }


def _published(matter: Matter) -> frozenset[int]:
    if matter.published is not None:
        return matter.published
    return terms_published(matter.unit, [matter.held])[matter.held.key]


def with_live_waivers(matter: Matter) -> Standing:
    """Return the standing with those waivers that the same policy and role still stand behind."""
    standing = matter.held
    if not standing.waivers:
        return standing
    live = tuple(waiver for waiver in standing.waivers if waiver_lapsed(matter, waiver) is None)
    return replace(standing, waivers=live)


def waiver_lapsed(matter: Matter, waiver: Waiver) -> str | None:
    """Return why a waiver stands no more, or None while it does."""
    role = matter.policy.waivers.by
    if waiver.version != matter.held.version:
        return f"it was for version {waiver.version}"
    if waiver.policy != matter.judging.digest:
        return "another policy judges now"
    if not still_held(matter, waiver.by, role, waiver.at):
        return f"{waiver.by} has not remained {role}"
    return None


def _asks_cap(needs: frozenset[Need], matter: Matter) -> bool:
    keeps = matter.held.counted and matter.held.activated
    return Need.PORTFOLIO in needs and matter.policy.cap is not None and not keeps


def _limits(matter: Matter, act: Act) -> dict[str, int]:
    standing, policy = matter.held, matter.policy
    return {
        limit.code: matter.unit.limit_others(limit, standing, policy, act.effective_on)
        for limit in policy.limits
        if not limit.types or standing.type in limit.types
    }


def _projects(matter: Matter, document: Agreement | None, act: Act) -> dict[int, int]:
    begun = matter.held.term_start or act.effective_on
    projects = document.projects if document else ()
    years = sorted({(project.start or begun).year for project in projects})
    return dict(matter.unit.projects_of_others(matter.held.key, years))


def _committed(matter: Matter, document: Agreement | None) -> dict[int, Decimal]:
    program = matter.policy.program
    own = funding_by_year(document, program.currency) if document else {}
    years = sorted(year for year in own if str(year) in program.budget)
    return dict(matter.unit.committed_by_others(matter.held.key, program.currency, years))


def _scores(matter: Matter) -> ScoreSheet | None:
    key, n = matter.held.key, matter.held.score_n
    return matter.unit.sheet(ScoreSheet, key, n) if n is not None else None


def _evaluation(matter: Matter) -> Evaluation | None:
    key, n = matter.held.key, matter.held.evaluation_n
    return matter.unit.sheet(Evaluation, key, n) if n is not None else None
