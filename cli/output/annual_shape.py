"""The annual report as JSON and as rows: every figure with the log entries that it follows from."""

from collections.abc import Iterable, Iterator, Sequence

from cli.output.annual import Edition, outside_words
from cli.output.progress import indicator_shape, milestone_shape
from cli.output.shapes import Shape
from cli.output.workbook import Sheet
from lifecycle.results.program import Figure, Source, every_source, figures, sources_of
from lifecycle.results.progress import Recorded
from lifecycle.results.year import AgreementYear, Investment, TermYear

ROW_KEYS = ("ref", "title", "partner", "part", "what", "value", "unit", "on", "source", "entries")
"""The columns of the report as rows, one for each thing that is told."""


def annual_shape(edition: Edition) -> Shape:
    """Return the report as JSON."""
    report = edition.report
    return {
        "program": edition.code,
        "name": edition.program,
        "year": report.year,
        "today": report.today,
        "over": report.over,
        "complete": not report.lacking,
        "missing": [
            {"ref": one.ref, "title": one.agreement.title, "parts": list(one.missing)}
            for one in report.lacking
        ],
        "figures": [_figure(one) for one in figures(report)],
        "agreements": [_agreement(one) for one in report.agreements],
        "outside": [
            {**_named(one), "type": one.agreement.type, "why": outside_words(one)}
            for one in report.outside
        ],
        "sandbox": edition.sandbox,
    }


def _named(one: AgreementYear) -> Shape:
    return {"ref": one.ref, "title": one.agreement.title}


def _figure(one: Figure) -> Shape:
    value = one.value if isinstance(one.value, int) else f"{one.value:f}"
    return {"name": one.name, "value": value, "unit": one.unit, "entries": _entries(one.sources)}


def _agreement(one: AgreementYear) -> Shape:
    partner = one.agreement.partner
    return {
        **_named(one),
        "type": one.agreement.type,
        "partner": partner.name if partner else None,
        "country": partner.country if partner else None,
        "serves": list(one.agreement.goals),
        "state": one.covered.spans[-1].state,
        "ended": one.covered.spans[-1].until,
        "owed_by": one.owed_by,
        "missing": list(one.missing),
        "terms": [_term(one, term) for term in one.terms],
        "goals": [_said(one, found) for found in one.goals],
        "summary": [_said(one, found) for found in one.summary],
        "activities": [_said(one, found) for found in one.activities],
        "achievements": [_said(one, found) for found in one.achievements],
        "investments": [_investment(one, found) for found in one.investments],
    }


def _term(one: AgreementYear, term: TermYear) -> Shape:
    return {
        "term": term.row.term,
        "starts": term.row.starts,
        "ends": term.row.ends,
        "entries": _of(one, (term.line,)),
        "projects": [
            {
                "id": project.id,
                "name": project.name,
                "kind": project.kind,
                "end": project.end,
                "activities": [
                    {"objective": each.objective, "activity": each.activity, "kind": each.kind}
                    for each in project.objectives
                ],
            }
            for project in term.projects
        ],
        "indicators": [
            {
                **indicator_shape(each),
                "entries": _of(one, [n for n, _actual in each.actuals[-1:]] or [term.line]),
            }
            for each in term.indicators
        ],
        "milestones": [
            {
                **milestone_shape(step),
                "entries": _of(one, [step.met[0] if step.met else term.line]),
            }
            for step in term.milestones
        ],
    }


def _said(one: AgreementYear, found: Recorded) -> Shape:
    n, record = found
    return {
        "text": record.text,
        "on": record.on,
        "source": record.source,
        "project": record.project,
        "division": record.division,
        "entries": _of(one, (n,)),
    }


def _investment(one: AgreementYear, found: Investment) -> Shape:
    return {
        "what": found.what,
        "value": found.value,
        "unit": found.unit,
        "currency": found.currency,
        "in_all": found.in_all,
        "on": found.on,
        "source": found.source,
        "text": found.text,
        "project": found.project,
        "entries": _of(one, found.lines),
    }


def _of(one: AgreementYear, lines: Iterable[int]) -> list[Shape]:
    return _entries(sources_of(one, lines))


def _entries(sources: Iterable[Source]) -> list[Shape]:
    return [{"ref": ref, "n": n, "entry": entry} for ref, n, entry in sources]


def annual_sheets(edition: Edition) -> Sequence[Sheet]:
    """Return the report as sheets: figures, what is told of each agreement, what is missing."""
    report = edition.report
    found = [(one.name, one.value, one.unit, _numbers(one.sources)) for one in figures(report)]
    lacking = [(one.ref, one.agreement.title, *_marks(one)) for one in report.agreements]
    return (
        Sheet("Figures", ("figure", "value", "unit", "log entries"), found),
        Sheet("Parts", ("ref", "title", *_PARTS), lacking),
        Sheet("Report", ROW_KEYS, annual_rows(edition)),
        Sheet("Log entries", ("ref", "n", "entry"), every_source(report)),
    )


_PARTS = ("goals", "summary", "achievements", "investments")


def _marks(one: AgreementYear) -> Iterator[str]:
    return ("missing" if part in one.missing else "on record" for part in _PARTS)


def annual_rows(edition: Edition) -> Sequence[Sequence[object]]:
    """Return the report as rows, one for each thing that is told of an agreement."""
    return [row for one in edition.report.agreements for row in _rows(one)]


def _rows(one: AgreementYear) -> Iterator[Sequence[object]]:
    partner = one.agreement.partner
    named = (one.ref, one.agreement.title, partner.name if partner else None)

    def row(part: str, lines: Iterable[int], *rest: object) -> Sequence[object]:
        return (*named, part, *rest, _numbers(sources_of(one, lines)))

    texts = (("goals", one.goals), ("summary", one.summary), ("achievements", one.achievements))
    for part, records in (*texts, ("activity", one.activities)):
        for n, said in records:
            yield row(part, (n,), said.text, None, None, said.on, said.source)
    for term in one.terms:
        for project in term.projects:
            for each in project.objectives:
                yield row("goals", (term.line,), each.activity, None, None, None, project.name)
        for found in term.indicators:
            last = found.last
            what = (found.indicator.name, last[1].value if last else None, found.indicator.unit)
            when = (last[1].on, last[1].source) if last else (None, "not measured")
            yield row("indicator", (last[0] if last else term.line,), *what, *when)
        for step in term.milestones:
            lines = (step.met[0] if step.met else term.line,)
            on = step.met[1].on if step.met else None
            yield row("milestone", lines, step.milestone.name, step.status, None, on, None)
    for gain in one.investments:
        told = (gain.text or gain.what, gain.value, gain.unit, gain.on, gain.source)
        yield row("investments", gain.lines, *told)


def _numbers(sources: Iterable[Source]) -> str:
    return ", ".join(f"{ref} {n}" for ref, n, _entry in sources)
