"""The ranking of open proposals: as a table of numbered criteria with its legend, and as rows."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from cli.output.markdown import md_table, md_text
from cli.output.scores import (
    WEIGHED_KEYS,
    priorities_text,
    priority_shape,
    range_text,
    total_text,
    weighed_shape,
)
from cli.output.streams import style, width
from cli.output.table import Column, table
from cli.output.text import one_line, paragraphs
from lifecycle.choosing.ranking import Candidate, Ranking

_WHY: Mapping[str | None, str] = {
    "not_scored": "not scored yet",
    "mandatory_missing": "a mandatory criterion is not scored",
    "other_version": "scored on other criteria",
}
_APART: Mapping[str, str] = {
    "mandatory_missing": "Not ranked: a mandatory criterion is not scored",
    "not_scored": "Not ranked: not scored yet",
    "other_version": "Scored on another version of the criteria, and not ranked against these",
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
        "day": ranking.day,
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


def page(ranking: Ranking) -> str:
    """Return a ranking as people read it: the ranked, those apart, the legend, what lacks."""
    if not ranking.candidates:
        return "No proposal waits for a decision. To propose one: lifecycle propose --template\n"
    groups: dict[str | None, list[Candidate]] = {}
    for one in ranking.candidates:
        groups.setdefault(one.apart, []).append(one)
    parts = [f"{_heading(_title(ranking))}{_table(groups.get(None, []), ranking)}"]
    for apart, title in _APART.items():
        if found := groups.get(apart):
            parts.append(f"{_heading(title)}{_table(found, ranking)}")
    parts += filter(None, ["".join(_remarks(ranking)), _legend(ranking)])
    return "\n".join(parts)


def _title(ranking: Ranking) -> str:
    criteria = ranking.criteria
    if not criteria.items:
        return "The policy in force has no criteria, so nothing is ranked"
    scale = f"scale {criteria.lowest} to {criteria.highest}"
    return f"Open proposals on {ranking.day}, by criteria {criteria.version}, {scale}"


def _heading(text: str) -> str:
    return style(paragraphs(one_line(text), width()), bold=True) + "\n"


def _table(candidates: Sequence[Candidate], ranking: Ranking) -> str:
    if not candidates:
        return "None is ranked yet.\n"
    numbers = range(1, len(ranking.criteria.items) + 1)
    columns = (
        Column("RANK", right=True),
        Column("REF"),
        Column("PARTNER", flexible=True),
        Column("TOTAL", right=True),
        *(Column(str(number), right=True) for number in numbers),
        Column("DAYS", right=True),
        Column("OWNER", optional=True),
        Column("STATE", optional=True),
    )
    rows = [
        [*_row(one, ranking), one.dossier.standing.owner, one.dossier.standing.state]
        for one in candidates
    ]
    return table(columns, rows)


def _row(one: Candidate, ranking: Ranking) -> list[object]:
    standing = one.dossier.standing
    country = f" ({standing.country})" if standing.country else ""
    return [
        one.rank,
        one.dossier.ref,
        f"{standing.partner or ''}{country}",
        total_text(one.total),
        *(_score(one, item.code) for item in ranking.criteria.items),
        (ranking.day - one.received).days,
    ]


def _score(one: Candidate, code: str) -> str | None:
    """Return one score; a star marks one without evidence."""
    if one.weighed is None or code not in one.weighed.values:
        return None
    return f"{one.weighed.values[code]}{'*' if code in one.weighed.unproved else ''}"


def _remarks(ranking: Ranking) -> Iterator[str]:
    """Yield what is to be known about each proposal beyond its numbers."""
    for one in ranking.candidates:
        if said := "; ".join(_said(one, ranking)):
            yield paragraphs(f"{one.dossier.ref}: {said}.", width(), rest="  ") + "\n"


def _said(one: Candidate, ranking: Ranking) -> Iterator[str]:
    number = {item.code: str(n) for n, item in enumerate(ranking.criteria.items, 1)}

    def named(codes: Sequence[str]) -> str:
        return ", ".join(number.get(code, code) for code in codes)

    if one.serves:
        yield f"serves {priorities_text(one.serves)}"
    if one.weighed and one.apart != "not_scored":
        if one.apart == "other_version":
            yield f"criteria {one.weighed.version}"
        if one.weighed.missing:
            yield f"mandatory and not scored: {named(one.weighed.missing)}"
        if one.weighed.skipped:
            yield f"not scored, and not in the total: {named(one.weighed.skipped)}"
        if one.weighed.unscored:
            yield f"{range_text(one.weighed)} once all are scored"
    if one.factors_missing:
        yield f"factors without an answer: {', '.join(one.factors_missing)}"
    if one.scored:
        yield f"scored by {one_line(one.scored.actor.id)} on {one.scored.effective_on}"


def _legend(ranking: Ranking) -> str:
    items = ranking.criteria.items
    lines = [
        paragraphs(
            f"{item.code}{_marks(item.weight, mandatory=item.mandatory)}: {item.question}",
            width(),
            first=f"{number:>2}  ",
        )
        for number, item in enumerate(items, 1)
    ]
    notes = (
        "TOTAL is the weighted mean of what is scored; - is not scored, * is without evidence. "
        "DAYS are since the request was received."
    )
    return "\n".join([*lines, *([paragraphs(notes, width())] if items else [])]) + "\n"


def _marks(weight: int, *, mandatory: bool) -> str:
    said = [*([f"weight {weight}"] if weight > 1 else []), *(["mandatory"] if mandatory else [])]
    return f" ({', '.join(said)})" if said else ""


def markdown(ranking: Ranking) -> str:
    """Return a ranking as Markdown."""
    items = ranking.criteria.items
    numbers = [str(number) for number in range(1, len(items) + 1)]
    columns = ["Rank", "Reference", "Partner", "Total", *numbers, "Days", "Not ranked"]
    rows = [[*_row(one, ranking), _WHY.get(one.apart)] for one in ranking.candidates]
    legend = "".join(
        f"{number}. {md_text(item.code)}{_marks(item.weight, mandatory=item.mandatory)}: "
        f"{md_text(item.question)}\n"
        for number, item in enumerate(items, 1)
    )
    return f"# {md_text(_title(ranking))}\n\n{md_table(columns, rows)}\n{legend}"
