"""Requests and what became of them, as a report and as JSON."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from cli.output.paper import Grid, Paper, Section
from cli.output.scores import priorities_text, priority_shape
from cli.output.table import Column
from cli.output.words import partner_words
from lifecycle.choosing.partnerships import Prioritised
from lifecycle.choosing.requests import BY, OUTCOMES, Request, Tallies, Tally
from lifecycle.dossiers import Dossier

_KEYS = (
    *("ref", "title", "partner", "country", "type", "origin", "markets", "sectors"),
    *("received", "outcome", "decided_on", "days", "age_days", "by", "on_behalf_of", "ground"),
    *("reason", "serves", "state", "owner"),
)
_COUNTS = ("received", *OUTCOMES, "median_days", "longest_days")


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What is told of requests: their count, and of a year each with its priority partnerships.

    `places` is how many of these the policy in force has a year, None without a limit.
    """

    code: str
    day: date
    year: int | None
    tallies: Tallies
    requests: Sequence[Request]
    prioritised: Sequence[Prioritised]
    places: int | None


def requests_shape(told: Told) -> dict[str, Any]:
    """Return requests as JSON; one by one, and with priority partnerships, only of a year."""
    one_by_one = [request_shape(one) for one in told.requests]
    marked = [_marked_shape(one) for one in told.prioritised]
    return {
        "today": told.day,
        "year": told.year,
        "requests": told.tallies.whole.received,
        **{f"by_{by}": [_tally_shape(by, *group) for group in _groups(told, by)] for by in BY},
        "one_by_one": one_by_one if told.year else None,
        "priority_partnerships": marked if told.year else None,
        "priority_partnerships_per_year": told.places,
    }


def request_shape(one: Request) -> dict[str, Any]:
    """Return one request as JSON."""
    dossier, line = one.dossier, one.entry
    standing, document = dossier.standing, dossier.agreement
    return {
        "ref": str(dossier.ref),
        "title": standing.title,
        "partner": standing.partner,
        "country": standing.country,
        "type": standing.type,
        "origin": document.origin,
        "markets": list(document.markets),
        "sectors": list(document.sectors),
        "received": one.received,
        "outcome": one.outcome,
        "decided_on": line.effective_on if line else None,
        "days": one.days,
        "age_days": one.age,
        "by": line.actor.id if line else None,
        "on_behalf_of": line.on_behalf_of if line else None,
        "ground": line.ground if line else None,
        "reason": one.reason,
        "serves": [priority_shape(priority) for priority in one.serves],
        "state": standing.state,
        "owner": standing.owner,
    }


def flat_rows(told: Told) -> tuple[tuple[str, ...], list[dict[str, Any]]]:
    """Return the rows of a flat table: a year's requests, else a row for each group."""
    if told.year:
        shapes = [
            {**request_shape(one), "serves": priorities_text(one.serves)} for one in told.requests
        ]
        return _KEYS, shapes
    rows = [
        {"by": by, "group": name, **_counts(counted)}
        for by in BY
        for name, counted in _groups(told, by)
    ]
    return ("by", "group", *_COUNTS), rows


def requests_paper(told: Told) -> Paper:
    """Return requests as a report."""
    title = f"Requests received in {told.year}" if told.year else "Requests by year received"
    lead = (
        f"{told.tallies.whole.received:,} requests, as of {told.day}. Days are from received to "
        "accepted or declined, or so far; median and longest are of what was decided. What was "
        "taken over is no request [BOX1]."
    )
    sections = [_counted(told, by) for by in BY] if told.tallies.whole.received else []
    if told.year:
        sections += [*([_list(told)] if told.requests else []), _partnerships(told)]
    return Paper(title, lead, sections)


def _groups(told: Told, by: str) -> Iterator[tuple[str, Tally]]:
    yield from told.tallies.by(by).items()


def _counts(counted: Tally) -> dict[str, int | None]:
    days = {"median_days": counted.median, "longest_days": counted.longest}
    return {"received": counted.received, **counted.outcomes, **days}


def _tally_shape(by: str, name: str, counted: Tally) -> dict[str, Any]:
    return {by: int(name) if by == "year" else name, **_counts(counted)}


_SHORT: Mapping[str, str] = {
    "received": "All",
    "median_days": "Median",
    "longest_days": "Longest",
}


def _counted(told: Told, by: str) -> Section:
    counts = [
        Column(_SHORT.get(name, name.capitalize()), right=True, optional=name == "longest_days")
        for name in _COUNTS
    ]
    columns = [Column(by.capitalize(), flexible=True), *counts]
    rows = [(name, *_counts(counted).values()) for name, counted in _groups(told, by)]
    several = by in {"market", "sector"}
    notes = [f"One of several {by}s counts under each of them."] if several else []
    return Section(f"By {by}", grid=Grid(by.capitalize(), columns, rows), notes=notes)


def _list(told: Told) -> Section:
    columns = (
        Column("Ref"),
        Column("Partner", flexible=True),
        Column("Received"),
        Column("Outcome"),
        Column("On"),
        Column("Days", right=True),
        Column("Origin", optional=True),
        Column("Type", optional=True),
    )
    rows = [
        (
            one.dossier.ref,
            _partner(one.dossier),
            one.received,
            one.outcome,
            one.entry.effective_on if one.entry else None,
            one.days if one.age is None else one.age,
            one.dossier.agreement.origin,
            one.dossier.standing.type,
        )
        for one in told.requests
    ]
    notes = [said for one in told.requests for said in _said(one)]
    return Section("One by one", grid=Grid("Requests", columns, rows), notes=notes)


def _said(one: Request) -> Iterator[str]:
    """Yield what is to be known of a request beyond its row."""
    parts = []
    if one.entry and (grounds := ": ".join(filter(None, (one.entry.ground, one.reason)))):
        by = one.entry.on_behalf_of or one.entry.approver or one.entry.actor.id
        parts.append(f"{one.outcome} by {by} ({grounds})")
    if one.serves:
        when = "on that day" if one.days is not None else "today"
        parts.append(f"serves {priorities_text(one.serves)} {when}")
    if parts:
        yield f"{one.dossier.ref}: {'; '.join(parts)}"


def _partnerships(told: Told) -> Section:
    of = f" of {told.places}" if told.places is not None else ""
    heading = f"Priority partnerships of {told.year}: {len(told.prioritised)}{of}"
    if not told.prioritised:
        text = [f"None yet. To give one priority: lifecycle record REF priority year={told.year}"]
        return Section(heading, text)
    columns = (
        Column("Ref"),
        Column("Partner", flexible=True),
        Column("State"),
        Column("Since"),
        Column("Owner", optional=True),
    )
    rows = [
        (
            one.dossier.ref,
            _partner(one.dossier),
            one.dossier.standing.state,
            one.record.on,
            one.dossier.standing.owner,
        )
        for one in told.prioritised
    ]
    return Section(heading, grid=Grid("Priority partnerships", columns, rows))


def _partner(dossier: Dossier) -> str | None:
    return partner_words(dossier.standing.partner, dossier.standing.country)


def _marked_shape(one: Prioritised) -> dict[str, Any]:
    standing = one.dossier.standing
    return {
        "ref": str(one.dossier.ref),
        "title": standing.title,
        "partner": standing.partner,
        "country": standing.country,
        "state": standing.state,
        "recorded": one.n,
        "on": one.record.on,
        "text": one.record.text or None,
    }
