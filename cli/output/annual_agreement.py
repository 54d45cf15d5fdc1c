"""One agreement's part of the annual report as blocks of a page: goals to new investments (R39)."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from cli.output.pages import Block, Grid, Heading, Paragraph
from cli.output.progress import amount, indicator_row, milestone_words
from lifecycle.results.progress import Recorded
from lifecycle.results.year import AgreementYear, Investment, TermYear

PARTS: Mapping[str, str] = {
    "goals": "activity goals",
    "summary": "activity summary",
    "achievements": "achievements",
    "investments": "new investments",
}
"""The four parts of a report, as REC9 names them."""

_Row = tuple[Sequence[object], Iterable[int]]
"""A row of a table, and the lines of the log that it follows from."""


@dataclass(frozen=True, slots=True)
class Named:
    """How an agreement's type is called, and the goals of the program by their codes."""

    kind: str
    goals: Mapping[str, str]


def agreement_blocks(one: AgreementYear, named: Named, *, trace: bool) -> Iterator[Block]:
    """Yield what is told of one agreement."""
    yield Heading(f"{one.ref}: {one.agreement.title}")
    yield Paragraph(_standing(one, named.kind))
    if one.agreement.goals:
        served = "; ".join(named.goals.get(goal, goal) for goal in one.agreement.goals)
        yield Paragraph(f"Goals of the program that it serves: {served}.")
    if one.missing:
        missing = ", ".join(PARTS[part] for part in one.missing)
        yield Paragraph(f"Not on record: {missing}.", missing=True)
    section = _Section(one, trace=trace)
    for part, blocks in (
        ("goals", section.goals()),
        ("summary", section.summary()),
        ("achievements", section.achievements()),
        ("investments", section.investments()),
    ):
        found = list(blocks)
        if found:
            yield Heading(PARTS[part].capitalize(), 3)
            yield from found


def _standing(one: AgreementYear, kind: str) -> str:
    partner = one.agreement.partner
    country = f" ({partner.country})" if partner and partner.country else ""
    parties = f" with {partner.name}{country}" if partner else ""
    spans = "; ".join(map(_span, one.terms))
    return f"{kind}{parties}; {spans}."


def _span(term: TermYear) -> str:
    starts, ends = term.row.starts, term.row.ends
    dates = f"{starts} to {ends}" if starts and ends else "no end stated"
    return f"term {term.row.term}, {dates}"


class _Section:
    """Makes the four parts of one agreement's report; with `trace`, each row with its entries."""

    def __init__(self, one: AgreementYear, *, trace: bool) -> None:
        self._one, self._trace = one, trace

    def goals(self) -> Iterator[Block]:
        """Yield what was to be done in the year, as agreed and as stated for it."""
        one = self._one
        yield from self._texts(one.goals)
        agreed: list[_Row] = [
            ((project.name, each.activity, each.objective, each.responsible), (term.line,))
            for term in one.terms
            for project in term.projects
            for each in project.objectives
        ]
        columns = ("project", "activity", "to reach", "responsible")
        yield from self._grid("Agreed activities", columns, agreed)
        due: list[_Row] = [
            ((step.milestone.name, step.milestone.due), (term.line,))
            for term in one.terms
            for step in term.milestones
            if step.milestone.due and step.milestone.due.year == one.year
        ]
        yield from self._grid(f"Milestones due in {one.year}", ("milestone", "due"), due)

    def summary(self) -> Iterator[Block]:
        """Yield what was done."""
        yield from self._texts(self._one.summary)
        rows: list[_Row] = [
            ((record.on, record.text, record.project, record.division), (n,))
            for n, record in self._one.activities
        ]
        columns = ("on", "activity", "project", "division")
        yield from self._grid("Activities on record", columns, rows)

    def achievements(self) -> Iterator[Block]:
        """Yield what was reached: texts, actuals against targets, milestones."""
        one = self._one
        yield from self._texts(one.achievements)
        measured: list[_Row] = [
            (indicator_row(each), [n for n, _actual in each.actuals[-1:]] or [term.line])
            for term in one.terms
            for each in term.indicators
        ]
        columns = ("indicator", "from", "target", "actual", "progress", "measured on", "source")
        caption = f"Targets and actuals by the end of {one.year}"
        yield from self._grid(caption, columns, measured, (1, 2, 3, 4))
        steps: list[_Row] = [
            (
                (step.milestone.name, step.milestone.due, milestone_words(step)),
                (step.met[0] if step.met else term.line,),
            )
            for term in one.terms
            for step in term.milestones
        ]
        caption = f"Milestones by the end of {one.year}"
        yield from self._grid(caption, ("milestone", "due", "status"), steps)

    def investments(self) -> Iterator[Block]:
        """Yield what came in; currencies stand apart."""
        one = self._one
        for each in one.investments:
            if each.value is None:
                yield Paragraph(self._marked(each.text, each.lines))
        rows: list[_Row] = [
            (_investment(each), each.lines) for each in one.investments if each.value is not None
        ]
        columns = ("investment", f"in {one.year}", "in all", "on", "source")
        yield from self._grid(f"New investments of {one.year}", columns, rows, (1, 2))

    def _texts(self, some: Iterable[Recorded]) -> Iterator[Block]:
        for n, record in some:
            source = f" Source: {record.source}." if record.source else ""
            yield Paragraph(self._marked(f"{record.text}{source}", (n,)))

    def _grid(
        self,
        caption: str,
        columns: Sequence[str],
        rows: Sequence[_Row],
        numbers: Sequence[int] = (),
    ) -> Iterator[Block]:
        caption = f"{caption}, {self._one.ref}"
        if rows and self._trace:
            traced = [(*row, _numbers(lines)) for row, lines in rows]
            yield Grid(caption, (*columns, "entries"), traced, numbers)
        elif rows:
            yield Grid(caption, columns, [row for row, _lines in rows], numbers)

    def _marked(self, text: str, lines: Iterable[int]) -> str:
        return f"{text} [{self._one.ref} {_numbers(lines)}]" if self._trace else text


def _numbers(lines: Iterable[int]) -> str:
    return ", ".join(map(str, lines))


def _investment(one: Investment) -> tuple[object, ...]:
    gained, in_all = amount(one.value, one.unit), amount(one.in_all, one.unit)
    return one.text or one.what, gained, in_all, one.on, one.source
