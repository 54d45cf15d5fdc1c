"""The divisions' plan for a year: as a page, as JSON, as rows and sheets (R40)."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from cli.output.pages import Block, Grid, Heading, Page, Paragraph
from cli.output.progress import (
    amount,
    indicator_name,
    indicator_shape,
    milestone_shape,
    milestone_words,
    percent,
)
from cli.output.shapes import Shape
from cli.output.words import SHORT_DUE, partner_words
from cli.output.workbook import Sheet
from lifecycle.dossiers import Dossier
from lifecycle.results.plan import DivisionPlan, Work, is_agreed
from lifecycle.results.progress import MilestoneProgress

NO_DIVISION = "No division stated"

ROW_KEYS = ("division", "part", "ref", "what", "on", "value", "unit", "note")
"""The columns of the plan as rows, one for each thing that is planned."""

_Row = Sequence[object]


@dataclass(frozen=True, slots=True)
class PlanEdition:
    """A plan and how it is made: of which program and year, on which day."""

    plans: Sequence[DivisionPlan]
    code: str
    program: str
    year: int
    today: date
    sandbox: bool


@dataclass(frozen=True, slots=True)
class _Part:
    """One part of a division's plan: its caption, its columns, its rows."""

    name: str
    columns: Sequence[str]
    rows: Sequence[_Row]
    numbers: Sequence[int] = ()


def plan_page(edition: PlanEdition) -> Page:
    """Return the page of a plan."""
    blocks: list[Block] = []
    if edition.sandbox:
        made = "Made in a sandbox: for learning, and no record of what happened."
        blocks.append(Paragraph(made, missing=True))
    if not edition.plans:
        blocks.append(Paragraph("No agreement is signed, in force or being negotiated."))
    for plan in edition.plans:
        blocks.append(Heading(plan.name or NO_DIVISION))
        blocks += [
            Grid(f"{part.name}, {plan.name or NO_DIVISION}", part.columns, part.rows, part.numbers)
            for part in _parts(plan, edition)
            if part.rows
        ]
    foot = f"Made from the record on {edition.today}. Days are year-month-day."
    return Page(f"{edition.program}: plan for {edition.year}", blocks, foot)


def _parts(plan: DivisionPlan, edition: PlanEdition) -> Iterator[_Part]:
    year = edition.year
    yield _Part(
        "Agreements",
        ("ref", "title", "partner", "state", "due"),
        [_agreement(one, edition) for one in plan.agreements.values()],
    )
    yield _Part(
        f"Projects that run in {year}",
        ("ref", "project", "kind", "until", "examined", "state"),
        [_project(work) for work in plan.work],
    )
    yield _Part("Activity goals", ("ref", "project", "goal", "to reach"), list(_goals(plan)))
    yield _Part(
        f"Milestones due in {year}, and overdue from before",
        ("ref", "milestone", "due", "status"),
        [
            (_ref(one), step.milestone.name, step.milestone.due, _status(step))
            for one, step in plan.milestones
        ],
    )
    yield _Part(
        "Indicators to be reached",
        ("ref", "indicator", "from", "target", "last actual", "progress", "by"),
        [
            (
                _ref(one),
                indicator_name(each),
                amount(each.indicator.baseline),
                amount(each.indicator.target),
                amount(each.last[1].value) if each.last else "not measured",
                percent(each.progress),
                project.end,
            )
            for one, project, each in plan.indicators
        ],
        (2, 3, 4, 5),
    )
    yield _Part(
        f"Funding and staff from {year} on",
        ("year", "what", "amount", "state"),
        [
            (
                year or "no year stated",
                kind,
                amount(value, currency or ("FTE" if kind == "staff" else None)),
                "agreed" if agreed else "in negotiation",
            )
            for (year, kind, currency, agreed), value in plan.totals
        ],
        (2,),
    )


def _ref(one: Dossier) -> str:
    return str(one.ref)


def _state(one: Dossier) -> str:
    return one.standing.state if is_agreed(one) else "in negotiation"


def _agreement(one: Dossier, edition: PlanEdition) -> _Row:
    standing = one.standing
    due = None
    if standing.due is not None and standing.due_rule is not None:
        late = ", overdue" if standing.due < edition.today else ""
        due = f"{standing.due} {SHORT_DUE[standing.due_rule]}{late}"
    partner = partner_words(standing.partner, standing.country)
    return _ref(one), standing.title, partner, _state(one), due


def _project(work: Work) -> _Row:
    one = work.project
    return _ref(work.dossier), one.name, one.kind, one.end, one.examined, _state(work.dossier)


def _goals(plan: DivisionPlan) -> Iterator[_Row]:
    for work in plan.work:
        for each in work.project.objectives:
            yield _ref(work.dossier), work.project.name, each.activity, each.objective
    for one, (_n, record) in plan.goals:
        yield _ref(one), None, record.text, None


def _status(step: MilestoneProgress) -> str:
    return "to be met" if step.status == "ahead" else milestone_words(step)


def plan_shape(edition: PlanEdition) -> Shape:
    """Return the plan as JSON."""
    return {
        "program": edition.code,
        "name": edition.program,
        "year": edition.year,
        "today": edition.today,
        "divisions": [_division(plan) for plan in edition.plans],
        "sandbox": edition.sandbox,
    }


def _division(plan: DivisionPlan) -> Shape:
    return {
        "division": plan.name,
        "agreements": [
            {
                "ref": _ref(one),
                "title": one.standing.title,
                "type": one.standing.type,
                "partner": one.standing.partner,
                "country": one.standing.country,
                "state": one.standing.state,
                "agreed": is_agreed(one),
                "term_start": one.agreement.term.start if one.agreement.term else None,
                "term_end": one.agreement.term.end if one.agreement.term else None,
                "due": one.standing.due,
                "due_rule": one.standing.due_rule,
            }
            for one in plan.agreements.values()
        ],
        "projects": [
            {
                "ref": _ref(work.dossier),
                "id": work.project.id,
                "name": work.project.name,
                "kind": work.project.kind,
                "start": work.project.start,
                "end": work.project.end,
                "examined": work.project.examined,
            }
            for work in plan.work
        ],
        "goals": [
            dict(zip(("ref", "project", "goal", "objective"), row, strict=True))
            for row in _goals(plan)
        ],
        "milestones": [{"ref": _ref(one), **milestone_shape(s)} for one, s in plan.milestones],
        "indicators": [
            {"ref": _ref(one), "by": project.end, **indicator_shape(each)}
            for one, project, each in plan.indicators
        ],
        "resources": [
            {
                "year": year,
                "kind": kind,
                "amount": f"{value:f}",
                "currency": currency,
                "agreed": agreed,
            }
            for (year, kind, currency, agreed), value in plan.totals
        ],
    }


def plan_sheets(edition: PlanEdition) -> Iterator[Sheet]:
    """Yield the plan as sheets: each part of all divisions, and each by division."""
    found: dict[str, tuple[Sequence[str], list[_Row]]] = {}
    for plan in edition.plans:
        for part in _parts(plan, edition):
            _columns, rows = found.setdefault(part.name, (part.columns, []))
            rows += [(plan.name or NO_DIVISION, *row) for row in part.rows]
    for name, (columns, rows) in found.items():
        yield Sheet(name.partition(",")[0], ("division", *columns), rows)
    yield Sheet("Rows", ROW_KEYS, list(plan_rows(edition)))


def plan_rows(edition: PlanEdition) -> Iterator[_Row]:
    """Yield the plan as rows; amounts are plain numbers, with their unit beside them."""
    for plan in edition.plans:
        for part, row in _rows(plan):
            yield (plan.name, part, *row)


def _rows(plan: DivisionPlan) -> Iterable[tuple[str, _Row]]:
    for one in plan.agreements.values():
        standing = one.standing
        yield "agreement", (_ref(one), standing.title, standing.due, None, None, _state(one))
    for work in plan.work:
        project = work.project
        yield "project", (_ref(work.dossier), project.name, project.end, None, None, project.kind)
    for ref, project_name, goal, _objective in _goals(plan):
        yield "goal", (ref, goal, None, None, None, project_name)
    for one, step in plan.milestones:
        yield (
            "milestone",
            (_ref(one), step.milestone.name, step.milestone.due, None, None, step.status),
        )
    for one, project, each in plan.indicators:
        aim = each.indicator
        yield "indicator", (_ref(one), aim.name, project.end, aim.target, aim.unit, "target")
    for (year, kind, currency, agreed), value in plan.totals:
        unit = currency or ("FTE" if kind == "staff" else None)
        yield kind, (None, year, None, value, unit, "agreed" if agreed else "in negotiation")
