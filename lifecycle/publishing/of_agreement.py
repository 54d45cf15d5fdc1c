"""Fills the whitelist of one agreement from its dossier (R28, R55).

Says what is public when: all of it from the first signing on, whatever becomes of it, with what was
last signed and never a draft; of what was never signed what names it, where the policy says so; of
what was voided nothing.
"""

from collections.abc import Iterator
from datetime import date

from msgspec.structs import replace

from guards.policy import Policy
from lifecycle.dates import dates, decision_ahead, uid_of
from lifecycle.dossiers import Dossier, Part
from lifecycle.entry import entry_of, lasting
from lifecycle.publishing import signed as signing
from lifecycle.publishing.of_document import (
    milestones_of,
    obligations_of,
    parties_of,
    projects_of,
    signatures_of,
)
from lifecycle.publishing.of_files import files_of
from lifecycle.publishing.of_history import (
    changed_on,
    decided_evaluations,
    steps_of,
    terms_of,
    years_of,
)
from lifecycle.publishing.public_agreement import PublicAgreement, PublicDate
from lifecycle.watching import watches
from states.agreement import UNKNOWN
from states.records import Evaluation
from states.vocabulary import Rule

PARTS = (*signing.PARTS, Part.RECORDS, Part.EVALUATIONS, Part.LINES, Part.ATTACHMENTS)
"""The parts of a dossier that are read for it."""

_TOLD = frozenset(
    {
        Rule.TERM_STARTS,
        Rule.TERM_OVER,
        Rule.REVIEW_DUE,
        Rule.DECISION_DUE,
        Rule.PROJECT_ENDED,
        Rule.EXAMINATION_DUE,
        Rule.MILESTONE_DUE,
    }
)
"""The dates that anybody may know."""


def public_agreement(dossier: Dossier, policy: Policy, day: date) -> PublicAgreement | None:
    """Return what is public of an agreement on a day; None where nothing is.

    `dossier` has `PARTS`, `policy` is the one in force.
    """
    if not signing.wanted(policy)(dossier.standing):
        return None
    signed = signing.last_signed(dossier)
    standing, agreement = signed.standing, signed.agreement
    entries = tuple(map(entry_of, signed.lines))
    named = PublicAgreement(
        ref=str(signed.ref),
        title=standing.title,
        type=standing.type,
        type_title=policy.title_of(standing.type),
        partner=standing.partner,
        country=standing.country,
        goals=agreement.goals,
        state=standing.state,
        changed_on=changed_on(signed, entries, policy.program.time_zone),
    )
    if standing.signed_term is None:
        return named
    lasted = lasting(entries)
    decided = decided_evaluations(lasted, signed.evaluations)
    outcomes = {one.id: one for one in decided.get(standing.term, Evaluation()).projects}
    next_decision, next_rule = decision_ahead(standing)
    return replace(
        named,
        signed=True,
        former_type=standing.former_type,
        role=agreement.role,
        division=agreement.division,
        sectors=agreement.sectors,
        markets=agreement.markets,
        taken_over=standing.taken_over,
        signed_on=standing.signed_on or UNKNOWN,
        term=standing.term,
        term_start=standing.term_start,
        term_end=standing.term_end,
        next_decision=next_decision,
        next_rule=next_rule,
        reporting=agreement.reporting,
        renewal_guidelines=agreement.renewal_guidelines or None,
        termination_guidelines=agreement.termination_guidelines or None,
        parties=tuple(parties_of(agreement)),
        projects=tuple(projects_of(signed, policy, outcomes)),
        milestones=tuple(milestones_of(signed, day)),
        obligations=tuple(obligations_of(signed, day)),
        endorsed_on=agreement.endorsement.date if agreement.endorsement else None,
        signatures=tuple(signatures_of(agreement)),
        terms=tuple(terms_of(signed, decided)),
        years=tuple(years_of(signed)),
        history=tuple(steps_of(signed.lines, lasted)),
        files=tuple(files_of(signed)),
        dates=tuple(_dates(signed, policy)),
    )


def _dates(signed: Dossier, policy: Policy) -> Iterator[PublicDate]:
    agreement = signed.agreement
    projects = {one.id: one.name for one in agreement.projects}
    milestones = {one.id: one.name for one in agreement.milestones}
    records = [record for _n, record in signed.records]
    for one in dates(signed.standing, watches(signed.standing, agreement, records, policy)):
        if one.rule in _TOLD:
            names = milestones if one.rule is Rule.MILESTONE_DUE else projects
            yield PublicDate(
                on=one.day,
                rule=one.rule,
                what=names.get(one.item),
                uid=uid_of(signed.ref, one.rule, one.item),
            )
