"""Indicators and milestones in print: how far, since when, by what source, how late (R37, R38)."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from fractions import Fraction
from math import floor

from cli.output.shapes import Shape
from cli.output.table import Column, table
from cli.output.words import plural
from lifecycle.results.progress import IndicatorProgress, MilestoneProgress, Progress

NOT_MEASURED = "not measured"
_PLACES = 4


def amount(value: Decimal | None, unit: str | None = None) -> str | None:
    """Return an amount with its thousands apart, and its unit; exact."""
    if value is None:
        return None
    return f"{value:,f} {unit}" if unit else f"{value:,f}"


def percent(progress: Fraction | None) -> str:
    """Return progress in percent, cut off and never rounded up: 100 % is all of it."""
    if progress is None:
        return "-"
    tenths = floor(progress * 1000)
    whole, rest = divmod(abs(tenths), 10)
    sign = "-" if tenths < 0 else ""
    return f"{sign}{whole}{f'.{rest}' if rest else ''} %"


def progress_shape(progress: Progress) -> Shape:
    """Return indicators and milestones as JSON; amounts are text, and none is missing as 0."""
    return {
        "indicators": [indicator_shape(one) for one in progress.indicators],
        "milestones": [milestone_shape(one) for one in progress.milestones],
    }


def indicator_shape(one: IndicatorProgress) -> Shape:
    """Return one indicator as JSON. `progress` is cut off after four places; `reached` is exact."""
    last = one.last
    return {
        "project": one.project,
        "objective": one.objective,
        "name": one.indicator.name,
        "unit": one.indicator.unit,
        "baseline": one.indicator.baseline,
        "target": one.indicator.target,
        "actual": last[1].value if last else None,
        "on": last[1].on if last else None,
        "source": last[1].source if last else None,
        "n": last[0] if last else None,
        "measured": last is not None,
        "progress": None if one.progress is None else _decimal(one.progress),
        "reached": one.reached,
    }


def milestone_shape(one: MilestoneProgress) -> Shape:
    """Return one milestone as JSON: `status` is met, met_late, overdue or ahead."""
    return {
        "id": one.milestone.id,
        "name": one.milestone.name,
        "project": one.milestone.project,
        "due": one.milestone.due,
        "met": one.met[1].on if one.met else None,
        "n": one.met[0] if one.met else None,
        "status": one.status,
        "days_late": one.days,
    }


def indicators_table(some: Sequence[IndicatorProgress]) -> str:
    """Return indicators as a table for a terminal."""
    columns = (
        Column("INDICATOR", flexible=True),
        Column("FROM", right=True),
        Column("TO", right=True),
        Column("ACTUAL", right=True),
        Column("PROGRESS", right=True),
        Column("ON"),
        Column("SOURCE", flexible=True),
    )
    return table(columns, [indicator_row(one) for one in some])


def indicator_row(one: IndicatorProgress) -> tuple[object, ...]:
    """Return an indicator as a row: where it began, its target, and what was measured last."""
    last = one.last[1] if one.last else None
    return (
        indicator_name(one),
        amount(one.indicator.baseline),
        amount(one.indicator.target),
        amount(last.value) if last else None,
        percent(one.progress) if last else NOT_MEASURED,
        last.on if last else None,
        last.source if last else None,
    )


def indicator_name(one: IndicatorProgress) -> str:
    """Return an indicator's name with its unit, where that says more."""
    name, unit = one.indicator.name, one.indicator.unit
    return f"{name} ({unit})" if unit and unit not in name else name


def milestones_table(some: Iterable[MilestoneProgress]) -> str:
    """Return milestones as a table for a terminal."""
    columns = (Column("MILESTONE", flexible=True), Column("DUE"), Column("STATUS", flexible=True))
    rows = [(one.milestone.name, one.milestone.due, milestone_words(one)) for one in some]
    return table(columns, rows)


def milestone_words(one: MilestoneProgress) -> str:
    """Return how a milestone stands: met in time or late, overdue, or ahead."""
    days = plural(one.days, "day")
    if one.met is not None:
        met = f"met on {one.met[1].on}"
        return f"{met}, {days} late" if one.days else met
    return f"overdue by {days}" if one.days else "ahead"


def _decimal(progress: Fraction) -> str:
    cut = floor(progress * 10**_PLACES)
    return f"{Decimal(cut).scaleb(-_PLACES).normalize():f}"
