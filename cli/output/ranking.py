"""The ranking of open proposals: as a report with numbered criteria, as JSON, and as flat rows."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from cli.output.paper import Grid, Paper, Section
from cli.output.scores import (
    WEIGHED_KEYS,
    priorities_text,
    priority_shape,
    range_text,
    total_text,
    weighed_shape,
)
from cli.output.table import Column
from cli.output.words import partner_words
from lifecycle.choosing.ranking import (
    MANDATORY_MISSING,
    NOT_SCORED,
    OTHER_VERSION,
    Candidate,
    Ranking,
)
from states.records import FACTORS

_NONE = "No proposal waits for a decision. To propose one: lifecycle propose --template"
_TITLES: Mapping[str | None, str] = {
    None: "Ranked",
    MANDATORY_MISSING: "Not ranked: a mandatory criterion is not scored",
    NOT_SCORED: "Not ranked: not scored yet",
    OTHER_VERSION: "Scored on another version of the criteria, and not ranked against these",
}
KEYS = (
    *("rank", "ref", "title", "partner", "country", "state"),
    *WEIGHED_KEYS,
    *("factors_missing", "serves", "received", "age_days"),
    *("scored_by", "scored_on", "owner", "apart"),
)
"""The columns of a row, before one for each criterion."""

_TOTALS = ("total", "at_least", "at_most")


def ranking_shape(ranking: Ranking) -> dict[str, Any]:
    """Return a ranking as JSON: the criteria in force, then each proposal."""
    criteria = ranking.criteria
    return {
        "today": ranking.day,
        "criteria_version": criteria.version or None,
        "scale": {"lowest": criteria.lowest, "highest": criteria.highest},
        "criteria": [
            {
                "number": number,
                "code": item.code,
                "question": item.question,
                "weight": item.weight,
                "mandatory": item.mandatory,
            }
            for number, item in enumerate(criteria.items, 1)
        ],
        "proposals": [candidate_shape(one, ranking) for one in ranking.candidates],
    }


def candidate_shape(one: Candidate, ranking: Ranking) -> dict[str, Any]:
    """Return one proposal as JSON; `apart` says why it has no rank."""
    standing, scored = one.dossier.standing, one.scored
    return {
        "rank": one.rank,
        "ref": str(one.dossier.ref),
        "title": standing.title,
        "partner": standing.partner,
        "country": standing.country,
        "state": standing.state,
        **(weighed_shape(one.weighed) if one.weighed else dict.fromkeys((*WEIGHED_KEYS, "scores"))),
        "factors_missing": list(one.factors_missing),
        "serves": [priority_shape(priority) for priority in one.serves],
        "received": one.received,
        "age_days": (ranking.day - one.received).days,
        "scored_by": scored.actor.id if scored else None,
        "scored_on": scored.effective if scored else None,
        "owner": standing.owner,
        "apart": one.apart,
    }


def flat_rows(ranking: Ranking) -> tuple[tuple[str, ...], list[dict[str, Any]]]:
    """Return the keys and rows of a ranking as a flat table, with a column for each criterion."""
    codes = [f"score.{item.code}" for item in ranking.criteria.items]
    rows = []
    for one in ranking.candidates:
        shape = candidate_shape(one, ranking)
        scores = shape["scores"] or {}
        rows.append(
            {
                **shape,
                **{key: shape[key] and Decimal(shape[key]) for key in _TOTALS},
                "serves": priorities_text(one.serves),
                **{f"score.{code}": value for code, value in scores.items()},
            }
        )
    return (*KEYS, *codes), rows


def ranking_paper(ranking: Ranking) -> Paper:
    """Return a ranking as a report: the ranked, those apart, what is to be known, the legend."""
    if not ranking.candidates:
        return Paper("Open proposals", _NONE, ())
    groups: dict[str | None, list[Candidate]] = {}
    for one in ranking.candidates:
        groups.setdefault(one.apart, []).append(one)
    sections = [
        Section(title, grid=_grid(title, found, ranking))
        for apart, title in _TITLES.items()
        if (found := groups.get(apart))
    ]
    said = [line for one in ranking.candidates for line in _remarks(one, ranking)]
    criteria = [Section("Criteria", notes=_legend(ranking))] if ranking.criteria.items else []
    remarks = [Section("To know about them", notes=said)] if said else []
    return Paper(
        f"Open proposals on {ranking.day}", _lead(ranking), [*sections, *remarks, *criteria]
    )


def _lead(ranking: Ranking) -> str:
    criteria = ranking.criteria
    if not criteria.items:
        return "The policy in force has no criteria, so nothing is ranked."
    return (
        f"Criteria {criteria.version}, on a scale from {criteria.lowest} to {criteria.highest}. "
        "Total is the weighted mean of what is scored; - is not scored, * is without evidence. "
        "Days are since the request was received [BP1]."
    )


def _grid(title: str, candidates: Sequence[Candidate], ranking: Ranking) -> Grid:
    numbers = range(1, len(ranking.criteria.items) + 1)
    columns = (
        Column("Rank", right=True),
        Column("Ref"),
        Column("Partner", flexible=True),
        Column("Total", right=True),
        *(Column(str(number), right=True) for number in numbers),
        Column("Days", right=True),
        Column("Owner", optional=True),
        Column("State", optional=True),
    )
    return Grid(title, columns, [_row(one, ranking) for one in candidates])


def _row(one: Candidate, ranking: Ranking) -> list[object]:
    standing = one.dossier.standing
    return [
        one.rank,
        one.dossier.ref,
        partner_words(standing.partner, standing.country),
        total_text(one.total),
        *(_score(one, item.code) for item in ranking.criteria.items),
        (ranking.day - one.received).days,
        standing.owner,
        standing.state,
    ]


def _score(one: Candidate, code: str) -> str | None:
    """Return one score; a star marks one without evidence."""
    if one.weighed is None or code not in one.weighed.values:
        return None
    return f"{one.weighed.values[code]}{'*' if code in one.weighed.unproved else ''}"


def _remarks(one: Candidate, ranking: Ranking) -> Iterator[str]:
    """Yield what is to be known about a proposal beyond its numbers, in one line."""
    parts = [*_about_scores(one, ranking)]
    if one.serves:
        parts.insert(0, f"serves {priorities_text(one.serves)}")
    if one.factors_missing:
        none = len(one.factors_missing) == len(FACTORS)
        which = "any factor" if none else ", ".join(one.factors_missing)
        parts.append(f"without an answer to {which}")
    if one.scored:
        parts.append(f"scored by {one.scored.actor.id} on {one.scored.effective_on}")
    if parts:
        yield f"{one.dossier.ref}: {'; '.join(parts)}."


def _about_scores(one: Candidate, ranking: Ranking) -> Iterator[str]:
    weighed, number = one.weighed, {i.code: n for n, i in enumerate(ranking.criteria.items, 1)}
    if weighed is None or weighed.total is None:
        return
    if one.apart == OTHER_VERSION:
        yield f"criteria {weighed.version}"
    for said, codes in (("mandatory and not", weighed.missing), ("not", weighed.skipped)):
        if codes:
            yield f"{said} scored: {', '.join(str(number.get(code, code)) for code in codes)}"
    if weighed.unscored:
        yield f"{range_text(weighed)} once all are scored"


def _legend(ranking: Ranking) -> list[str]:
    return [
        f"{number}. {item.code}{_marks(item.weight, mandatory=item.mandatory)}: {item.question}"
        for number, item in enumerate(ranking.criteria.items, 1)
    ]


def _marks(weight: int, *, mandatory: bool) -> str:
    said = [*([f"weight {weight}"] if weight > 1 else []), *(["mandatory"] if mandatory else [])]
    return f" ({', '.join(said)})" if said else ""
