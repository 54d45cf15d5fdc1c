"""Decisions that somebody should look at, as a report and as JSON: what is found, and why."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from cli.output.paper import Grid, Paper, Section
from cli.output.scores import total_text
from cli.output.table import Column
from lifecycle.choosing.consistency import Consistency
from lifecycle.choosing.judged import Judged
from lifecycle.choosing.likes import PARTS_OF_THE_SCALE, Pair

_WORDS: Mapping[str, str] = {
    "not_scored": "not scored at all",
    "other_version": "scored on criteria {scored}; {in_force} was in force",
    "mandatory_skipped": "mandatory and not scored: {missing}",
    "criterion_skipped": "not scored: {skipped}",
    "evidence_missing": "without evidence: {unproved}",
}
KEYS = (
    *("ref", "title", "partner", "country", "decision", "effective_on", "decided_by"),
    *("actor", "approver", "on_behalf_of", "item", "ground", "reason", "total", "points", "weight"),
    *("criteria_version", "criteria_in_force", "findings"),
    *("mandatory_missing", "not_scored", "evidence_missing", "n"),
)
"""The keys of one decision."""


def judged_shape(one: Judged) -> dict[str, Any]:
    """Return one decision as JSON; `n` is that of its line."""
    decision, weighed = one.decision, one.weighed
    standing, line = decision.dossier.standing, decision.entry
    return {
        "ref": str(decision.dossier.ref),
        "title": standing.title,
        "partner": standing.partner,
        "country": standing.country,
        "decision": "accepted" if decision.accepted else "declined",
        "effective_on": line.effective_on,
        "decided_by": decision.decider,
        "actor": line.actor.id,
        "approver": line.approver,
        "on_behalf_of": line.on_behalf_of,
        "item": line.item,
        "ground": line.ground,
        "reason": decision.reason,
        "total": total_text(weighed.total) if weighed else None,
        "points": weighed.points if weighed else None,
        "weight": weighed.weight if weighed else None,
        "criteria_version": weighed.version if weighed else None,
        "criteria_in_force": one.in_force.version or None,
        "findings": list(one.findings),
        "mandatory_missing": list(weighed.missing) if weighed else [],
        "not_scored": list(weighed.skipped) if weighed else [],
        "evidence_missing": list(weighed.unproved) if weighed else [],
        "n": line.n,
    }


def consistency_shape(found: Consistency) -> dict[str, Any]:
    """Return decisions and pairs as JSON; `margin` is null where it is a part of each scale."""
    return {
        "year": found.year,
        "margin": _margin(found),
        "margin_parts_of_scale": None if found.margin else PARTS_OF_THE_SCALE,
        "judged": len(found.judged),
        "without_criteria": found.unjudged,
        "findings": [judged_shape(one) for one in found.found],
        "pairs_found": found.likes.count,
        "pairs": [
            {
                "apart": total_text(pair.apart),
                "accepted": judged_shape(pair.accepted),
                "declined": judged_shape(pair.declined),
            }
            for pair in found.likes.pairs
        ],
    }


def consistency_paper(found: Consistency) -> Paper:
    """Return decisions and pairs as a report."""
    of = f" of {found.year}" if found.year else ""
    sections = [_findings(found), _pairs(found)]
    return Paper(f"Decisions on proposals{of}", _lead(found), sections)


def _lead(found: Consistency) -> str:
    accepted = sum(1 for one in found.judged if one.decision.accepted)
    declined = len(found.judged) - accepted
    said = (
        f"{accepted} accepted, {declined} declined. Each is held against the scores that stood "
        "then, and against the criteria in force on that day [BP1, REC2]."
    )
    without = f" {found.unjudged} more while the policy had no criteria." if found.unjudged else ""
    return f"{said}{without}"


def _findings(found: Consistency) -> Section:
    if not found.found:
        text = ["Every decision was taken on all criteria of the version in force, with evidence."]
        return Section("Decisions to look at: none", text if found.judged else ())
    columns = (
        Column("Day"),
        Column("Ref"),
        Column("Decision"),
        Column("Total", right=True),
        Column("What is found", flexible=True),
        Column("By", optional=True),
    )
    rows = [
        (
            one.decision.entry.effective_on,
            one.decision.dossier.ref,
            _decision(one),
            total_text(one.weighed.total) if one.weighed else None,
            "; ".join(_found(one)),
            one.decision.decider,
        )
        for one in found.found
    ]
    heading = f"Decisions to look at: {len(rows)} of {len(found.judged)}"
    return Section(heading, grid=Grid("Decisions", columns, rows))


def _found(one: Judged) -> Iterator[str]:
    weighed = one.weighed
    values = {
        "scored": weighed.version if weighed else "",
        "in_force": one.in_force.version,
        "missing": ", ".join(weighed.missing if weighed else ()),
        "skipped": ", ".join(weighed.skipped if weighed else ()),
        "unproved": ", ".join(weighed.unproved if weighed else ()),
    }
    return (_WORDS[code].format(**values) for code in one.findings)


def _pairs(found: Consistency) -> Section:
    margin = _margin(found)
    less = f"{margin} points" if margin else f"1/{PARTS_OF_THE_SCALE} of the scale"
    text = [f"Their totals on the same criteria differ by less than {less} (--margin)."]
    if not found.likes.pairs:
        return Section("Alike, and decided differently: none", text)
    columns = (
        Column("Apart", right=True),
        Column("Accepted"),
        Column("Total", right=True),
        Column("Declined"),
        Column("Total", right=True),
    )
    rows = [
        (
            total_text(pair.apart),
            pair.accepted.decision.dossier.ref,
            _total(pair.accepted),
            pair.declined.decision.dossier.ref,
            _total(pair.declined),
        )
        for pair in found.likes.pairs
    ]
    notes = list(dict.fromkeys(said for pair in found.likes.pairs for said in _told(pair)))
    more = "" if len(rows) == found.likes.count else f"; the {len(rows)} closest (--limit)"
    heading = f"Alike, and decided differently: {found.likes.count:,}{more}"
    return Section(heading, text, Grid("Pairs", columns, rows), notes)


def _margin(found: Consistency) -> str | None:
    """Return the margin as it was stated."""
    margin = found.margin
    return None if margin is None else str(Decimal(margin.numerator) / margin.denominator)


def _told(pair: Pair) -> Iterator[str]:
    """Yield who decided each of a pair, when, and on what ground."""
    for one in (pair.accepted, pair.declined):
        decision, line = one.decision, one.decision.entry
        grounds = ": ".join(filter(None, (line.ground, decision.reason)))
        why = f" ({grounds})" if grounds else ""
        by = f"{_decision(one)} on {line.effective_on} by {decision.decider}{why}"
        yield f"{decision.dossier.ref} {by}"


def _decision(one: Judged) -> str:
    return "accepted" if one.decision.accepted else "declined"


def _total(one: Judged) -> str | None:
    return total_text(one.weighed.total) if one.weighed else None
