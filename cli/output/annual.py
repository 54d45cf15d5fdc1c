"""The annual report as a page: what is missing first, then figures, then each agreement (R39)."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from cli.output.annual_agreement import PARTS, Named, agreement_blocks
from cli.output.pages import Block, Bullets, Grid, Heading, Page, Paragraph
from cli.output.progress import amount
from lifecycle.results.program import Figure, ProgramYear, every_source, figures
from lifecycle.results.year import AgreementYear
from states.records import ANNUAL_PARTS


@dataclass(frozen=True, slots=True)
class Edition:
    """A report and how it is made: for which program, with the titles of its types and its goals.

    `only` is the reference of the one agreement that was asked for; with `trace`, entries stand by
    figures.
    """

    report: ProgramYear
    code: str
    program: str
    titles: Mapping[str, str]
    goals: Mapping[str, str]
    sandbox: bool
    only: str | None = None
    trace: bool = False

    def type_of(self, one: AgreementYear) -> str:
        """Return the title of an agreement's type."""
        return self.titles.get(one.agreement.type, one.agreement.type)


def annual_page(edition: Edition) -> Page:
    """Return the page of a program's year."""
    report = edition.report
    blocks = [*_head(edition), *_missing(report), *_figures(edition)]
    for one in report.agreements:
        if not _is_silent(one):
            named = Named(edition.type_of(one), edition.goals)
            blocks += agreement_blocks(one, named, trace=edition.trace)
    blocks += _silent(edition, [one for one in report.agreements if _is_silent(one)])
    blocks += _outside(edition)
    if edition.trace:
        blocks += _entries(report)
    foot = f"Made from the program's log on {report.today}. Days are year-month-day."
    of = f", {edition.only}" if edition.only else ""
    return Page(f"{edition.program}: annual report {report.year}{of}", blocks, foot)


def _is_silent(one: AgreementYear) -> bool:
    """Whether nothing at all is on record of an agreement's year."""
    return len(one.missing) == len(ANNUAL_PARTS)


def _head(edition: Edition) -> Iterator[Block]:
    report = edition.report
    if edition.sandbox:
        made = "Made in a sandbox: for learning, and no record of what happened."
        yield Paragraph(made, missing=True)
    if not report.over:
        owed = min((one.owed_by for one in report.agreements if one.owed_by), default=None)
        by = f" Reports on it are owed by {owed}." if owed else ""
        yield Paragraph(f"{report.year} is not over: this is as of {report.today}.{by}")


def _missing(report: ProgramYear) -> Iterator[Block]:
    yield Heading("What is missing")
    every, lacking = len(report.agreements), report.lacking
    if not (every or report.outside):
        yield Paragraph(f"No agreement is on record as in force in {report.year}.")
    elif not every:
        yield Paragraph(f"No agreement owes a report on {report.year}.")
    elif not lacking:
        yield Paragraph("Nothing. Each agreement that owes a report has all its parts.")
    else:
        whole = every - len(lacking) or "none"
        owe = f"{every} agreements owe a report on {report.year}, and {whole} of them is complete."
        one = f"The report on {report.year} is not complete."
        yield Paragraph(f"{owe if every > 1 else one} Not on record:")
        partly = (one for one in lacking if not _is_silent(one))
        points = [f"{_name(one)}: {_parts(one.missing)}" for one in partly]
        if nothing := [_name(one) for one in lacking if _is_silent(one)]:
            points.append(f"all four parts of {'; '.join(nothing)}")
        yield Bullets(points, missing=True)


def _figures(edition: Edition) -> Iterator[Block]:
    year = edition.report.year
    if not (edition.report.agreements or edition.report.outside):
        return
    yield Heading(f"{year} in figures")
    shown = 3 if edition.trace else 2
    found = figures(edition.report)
    rows = [_figure(one)[:shown] for one in found]
    if not any(one.unit for one in found):
        rows.append(("new investments", "none on record", "")[:shown])
    yield Grid(f"Figures of {year}", ("figure", "value", "log entries")[:shown], rows, (1,))
    yield from _served(edition)


def _served(edition: Edition) -> Iterator[Block]:
    """Yield which goals of the program are served by which agreements, and which by none (R25)."""
    every = (*edition.report.agreements, *edition.report.outside)
    stated = [goal for one in every for goal in one.agreement.goals]
    rows = []
    for goal in dict.fromkeys((*edition.goals, *stated)):
        refs = [one.ref for one in every if goal in one.agreement.goals]
        rows.append((edition.goals.get(goal, goal), len(refs), ", ".join(refs)))
    if rows:
        yield Grid("Goals of the program served", ("goal", "agreements", "which"), rows, (1,))


def _figure(one: Figure) -> tuple[object, ...]:
    value = f"{one.value:,}" if isinstance(one.value, int) else amount(one.value, one.unit)
    return one.name, value, ", ".join(f"{ref} {n}" for ref, n, _entry in one.sources)


def _silent(edition: Edition, some: Iterable[AgreementYear]) -> Iterator[Block]:
    rows = [
        (one.ref, one.agreement.title, edition.type_of(one), _state(one), _owner(one))
        for one in some
    ]
    if rows:
        yield Heading(f"Nothing on record for {edition.report.year}")
        columns = ("ref", "title", "type", "state at the end", "owner")
        yield Grid("Agreements without any part of a report", columns, rows)


def _outside(edition: Edition) -> Iterator[Block]:
    rows = [
        (one.ref, one.agreement.title, edition.type_of(one), outside_words(one))
        for one in edition.report.outside
    ]
    if rows:
        yield Heading("In force, and owing no report")
        yield Grid("Agreements that owe no report", ("ref", "title", "type", "why"), rows)


def outside_words(one: AgreementYear) -> str:
    """Return why an agreement that was in force in a year owes no report on it."""
    ends = one.terms[-1].row.ends
    if ends is not None and ends.year < one.year:
        return f"its term ended on {ends}"
    return "its type is outside reporting"


def _entries(report: ProgramYear) -> Iterator[Block]:
    yield Heading("Log entries")
    yield Paragraph("The entries that this report rests on, each with the SHA-256 of its line.")
    columns = ("ref", "entry", "SHA-256")
    yield Grid("Log entries", columns, every_source(report), (1,))


def _name(one: AgreementYear) -> str:
    partner = one.agreement.partner
    return f"{one.ref} {partner.name if partner else one.agreement.title}"


def _parts(missing: Iterable[str]) -> str:
    return ", ".join(PARTS[part] for part in missing)


def _state(one: AgreementYear) -> str:
    span = one.covered.spans[-1]
    return f"ended on {span.until}" if span.until else span.state


def _owner(one: AgreementYear) -> str:
    return one.agreement.owner or one.covered.dossier.standing.owner
