"""A forecast as people read it: a report that sets both cases side by side, and its chart."""

from collections.abc import Iterator, Mapping, Sequence

from cli.output.charts import Chart, Panel, Series
from cli.output.forecast import (
    COUNTS,
    MONEY,
    Told,
    assumptions,
    counts_of,
    currency_of,
    differences,
    money_of,
)
from cli.output.paper import Change, Grid, Paper, Section
from cli.output.table import Column
from lifecycle.forecasting.lives import Due
from lifecycle.forecasting.years import Case, Year
from states.money import Money
from states.vocabulary import DueRule

_NAMES = {"present": "present", "what_if": "what if"}
_HEADINGS: Mapping[str, str] = {
    "held": "Places",
    "staff": "FTE",
    "decisions": "Due",
}
_RULES: Mapping[DueRule, str] = {
    DueRule.TERM_OVER: "its term ends",
    DueRule.REVIEW_DUE: "its review is due",
    DueRule.DECISION_DUE: "a decision is owed",
    DueRule.TERM_STARTS: "its term starts",
}


def forecast_paper(told: Told) -> Paper:
    """Return a forecast as a report."""
    years = told.present.years
    span = f"{years[0].year} to {years[-1].year}" if len(years) > 1 else str(years[0].year)
    lead = (
        f"As of {told.present.rules.today}. Figures of a year are of its last day. Most is the "
        "most places held on any day of it, FTE its staff, due how many decisions come up "
        "[BOX2, REC10]."
    )
    sections = [_agreements(told), _money(told), *_decisions(told)]
    sections.append(Section("What is assumed", notes=list(assumptions(told))))
    return Paper(f"Forecast of {told.code}, {span}", lead, sections)


def _agreements(told: Told) -> Section:
    columns = [Column(_HEADINGS.get(key, key.capitalize()), right=True) for key in COUNTS]
    now = [
        (name, [case.now.active, case.now.held, None, case.now.dormant, None, None])
        for name, case in told.cases.items()
    ]
    rows = [*_rows("today", now, told)]
    for place, year in enumerate(told.present.years):
        cells = [(n, list(counts_of(c.years[place]).values())) for n, c in told.cases.items()]
        rows += _rows(str(year.year), cells, told, _changed(told, place, COUNTS))
    grid = Grid("Agreements", _framed(told, columns), rows)
    return Section("Agreements", grid=grid, notes=list(_caps(told)))


def _money(told: Told) -> Section:
    columns = [Column(key.capitalize(), right=True) for key in MONEY]
    rows: list[Sequence[object]] = []
    for place, year in enumerate(told.present.years):
        cells = [(n, list(money_of(c.years[place]).values())) for n, c in told.cases.items()]
        rows += _rows(str(year.year), cells, told, _changed(told, place, MONEY))
    heading = " and ".join(dict.fromkeys(currency_of(case) for case in told.cases.values()))
    notes = [
        f"{_of(told, name)}{year.year} is over its budget by {year.money.gap}."
        for name, case in told.cases.items()
        for year in case.years
        if year.money.gap
    ]
    if notes:
        notes.append("What closes a gap as things stand: lifecycle portfolio budget YEAR.")
    grid = Grid("Money", _framed(told, columns), rows)
    return Section(f"Money, in {heading}", grid=grid, notes=[*notes, *_apart(told)])


def _apart(told: Told) -> Iterator[str]:
    for name, case in told.cases.items():
        for year, before in zip(case.years, told.present.years, strict=True):
            if case is told.present or year.money.others != before.money.others:
                for currency, other in year.money.others.items():
                    yield (
                        f"{_of(told, name)}{year.year} apart, in {currency}: {other.committed} "
                        f"committed, {other.spent} spent. Currencies are not added."
                    )


def _framed(told: Told, columns: Sequence[Column]) -> Sequence[Column]:
    return [Column("Year"), *([Column("Case")] if told.what_if else []), *columns]


def _rows(
    year: str,
    cells: Sequence[tuple[str, Sequence[object]]],
    told: Told,
    changed: Sequence[object] = (),
) -> Iterator[Sequence[object]]:
    """Yield a year's rows: one a case, and the difference."""
    for name, values in cells:
        yield [year, *([_NAMES[name]] if told.what_if else []), *values]
    if changed:
        yield [year, "difference", *changed]


def _changed(told: Told, place: int, keys: Sequence[str]) -> Sequence[object]:
    found = [less for _year, less in differences(told)]
    return [Change(found[place][key]) for key in keys] if found else ()  # type: ignore[arg-type]


def _caps(told: Told) -> Iterator[str]:
    said = [_cap(case) for case in told.cases.values()]
    if len(set(said)) == 1:
        yield said[0]
    else:
        yield from (f"{_of(told, name)}{one}" for name, one in zip(told.cases, said, strict=True))


def _cap(case: Case) -> str:
    if case.cap is None:
        return "The policy has no cap."
    years = [(year.year, year.most - case.cap) for year in case.years]
    over = ", ".join(f"in {year} by {more}" for year, more in years if more > 0)
    return f"The cap is {case.cap}{over and f', exceeded {over}'}."


def _of(told: Told, name: str) -> str:
    """Return what a note begins with, where there are two cases that it could be about."""
    return f"{_NAMES[name].capitalize()}: " if told.what_if else ""


def _decisions(told: Told) -> Iterator[Section]:
    by_case = {name: _due(case) for name, case in told.cases.items()}
    every = sorted({*by_case["present"], *by_case.get("what_if", ())}, key=_by_day)
    columns = [Column("Due"), Column("Ref"), Column("What"), Column("Title", flexible=True)]
    if told.what_if:
        columns.append(Column("Case"))
    rows = []
    for one in every:
        cells: list[object] = [one.day, one.ref, _RULES[one.rule], one.title]
        names = [_NAMES[name] for name, due in by_case.items() if one in due]
        rows.append([*cells, *(["both" if len(names) > 1 else names[0]] if told.what_if else [])])
    if rows:
        grid = Grid("Decisions", columns, rows)
        late = [one for one in every if one.day < told.present.rules.today]
        notes = [f"Late already: {len(late)}; they count for this year."] if late else []
        yield Section("Decisions that come up", grid=grid, notes=notes)


def _due(case: Case) -> frozenset[Due]:
    return frozenset(one for year in case.years for one in year.due)


def _by_day(one: Due) -> tuple[object, ...]:
    return (one.day, one.ref.key, one.rule)


def forecast_chart(told: Told) -> Chart:
    """Return places against the cap, and money against the budget, year by year."""
    panels = [_places(told)]
    if any(year.money.bound or year.money.budget for year in _every(told)):
        panels.append(_bound(told))
    words = " ".join(
        f"{_NAMES[name].capitalize()}: "
        + "; ".join(f"{year.year} {_in_words(case, year)}" for year in case.years)
        + "."
        for name, case in told.cases.items()
    )
    return Chart(f"Forecast of {told.code}", words, panels)


def _every(told: Told) -> Iterator[Year]:
    return (year for case in told.cases.values() for year in case.years)


def _places(told: Told) -> Panel:
    return Panel(
        title="Places held, the most on any day of the year",
        categories=[str(year.year) for year in told.present.years],
        stacks=[
            [Series(_NAMES[name].capitalize(), [year.most for year in case.years])]
            for name, case in told.cases.items()
        ],
        limits=_limits("Cap", {n: [c.cap for _ in c.years] for n, c in told.cases.items()}),
    )


def _bound(told: Told) -> Panel:
    currency = currency_of(told.present)
    return Panel(
        title=f"Committed or spent, in {currency}",
        categories=[str(year.year) for year in told.present.years],
        stacks=[
            [Series(_NAMES[name].capitalize(), [y.money.bound.amount for y in case.years])]
            for name, case in told.cases.items()
            if currency_of(case) == currency
        ],
        limits=_limits(
            "Budget",
            {
                name: [y.money.budget.amount if y.money.budget else None for y in case.years]
                for name, case in told.cases.items()
                if currency_of(case) == currency
            },
        ),
        shown=lambda value: Money(value, currency).grouped,
    )


def _limits(name: str, by_case: Mapping[str, Sequence[object]]) -> Sequence[Series]:
    """Return the limit of each case that has one; once, where both have the same."""
    present, *other = by_case.values()
    found = [Series(name, present)]  # type: ignore[arg-type] # numbers, or None
    found += [Series(f"{name}, what if", one) for one in other if one != present]  # type: ignore[arg-type]
    return [one for one in found if any(value is not None for value in one.values)]


def _in_words(case: Case, year: Year) -> str:
    cap = "" if case.cap is None else f" of {case.cap}"
    budget = "" if year.money.budget is None else f" of {year.money.budget}"
    return f"{year.most}{cap} places, {year.money.bound}{budget}"
