"""The budget by year as people read it: a report with what closes a gap, and its chart."""

from collections.abc import Iterator, Mapping, Sequence

from cli.output.budget import Told, undated_shapes
from cli.output.charts import Chart, Panel, Series
from cli.output.paper import Grid, Paper, Section
from cli.output.shapes import Shape
from cli.output.table import Column
from lifecycle.money.accounts import Costs
from lifecycle.money.budget import YearBudget
from lifecycle.money.remedies import Choice, Ending, Option, Remedies
from states.money import Money


def budget_paper(told: Told) -> Paper:
    """Return a budget as a report."""
    lead = (
        f"Amounts in {told.currency}, as of {told.today}. Signed and active agreements commit what "
        "their documents state. Left is what is committed and not spent yet; free is the budget "
        "less what is spent and left [REC10]."
    )
    sections = [_overview(told)]
    for year in told.years:
        if year.lines:
            sections.append(_lines(year))
        if found := told.remedies.get(year.year):
            sections.append(_closing(year, found))
    if notes := [_undated(shape) for shape in undated_shapes(told)]:
        sections.append(Section("Funding that is counted in no year", notes=notes))
    return Paper(f"The budget of {told.code}", lead, sections)


def _overview(told: Told) -> Section:
    columns = [Column("Year"), *_numbers("Budget", "Committed", "Spent", "Left", "Free")]
    rows = [
        (year.year, year.budget, year.committed, year.spent, year.open, year.free)
        for year in told.years
    ]
    without = ", ".join(str(year.year) for year in told.years if year.budget is None)
    notes = [f"No budget: {without}. The policy sets it under [program.budget]."] if without else []
    notes += [
        f"{year.year} is over its budget by {year.gap}, and has passed."
        for year in told.years
        if year.gap and year.year < told.today.year
    ]
    return Section("By year", grid=Grid("Years", columns, rows), notes=notes)


def _lines(year: YearBudget) -> Section:
    columns = [
        Column("Ref"),
        Column("Project", flexible=True),
        Column("State", optional=True),
        *_numbers("Committed", "Spent", "Left"),
    ]
    budget = year.committed.currency
    own = [(cost, one) for cost, one in year.lines if one.currency == budget]
    rows = [
        (cost.ref, f"{one.name}: {cost.title}", cost.state, one.committed, one.spent, one.open)
        for cost, one in own
    ]
    notes = [
        f"{cost.ref}, {one.name}: {one.over} spent {_beyond(cost)}."
        for cost, one in own
        if one.over
    ]
    notes += [
        f"Apart, in {name}: {other.committed} committed, {other.spent} spent. Currencies are not "
        "added."
        for name, other in year.others.items()
    ]
    return Section(
        f"{year.year}, by project", grid=Grid(str(year.year), columns, rows), notes=notes
    )


def _beyond(cost: Costs) -> str:
    return "over its commitment" if cost.commits else f"without a commitment: it is in {cost.state}"


def _closing(year: YearBudget, found: Remedies) -> Section:
    columns = [
        Column("Remedy", flexible=True),
        *_numbers("Raise by"),
        Column("End", flexible=True),
        *_numbers("Frees"),
    ]
    raised = [
        f"Raised, the budget of {year.year} would be {year.budget + remedy.raise_by}"
        for remedy in (found.raised, found.mixed)
        if year.budget is not None
    ]
    notes = [f"{raised[0]}; with both, {raised[1].partition('would be ')[2]}."]
    for remedy in (found.ended, found.mixed):
        if remedy.open:
            notes.append(
                f"Ending every agreement would leave {remedy.open} of {remedy.by_ending} open: "
                "what is spent stays spent."
            )
            break
    notes.append(
        "The fewest agreements that are enough; those whose term ends first; those that free least "
        "beyond the gap. These are sums and no decision: which agreement serves no longer is for a "
        "decider to say, with lifecycle advance REF terminate."
    )
    return Section(
        f"{year.year} is over its budget by {found.gap}",
        grid=Grid(f"{year.year}, the gap", columns, list(_ways(found))),
        notes=notes,
    )


def _ways(found: Remedies) -> Iterator[Sequence[object]]:
    yield "Raise the budget", found.raised.raise_by, None, None
    for way, remedy in (("End agreements", found.ended), ("Raise, and end", found.mixed)):
        for option in remedy.options:
            yield (
                f"{way}: {_chosen(option)}",
                remedy.raise_by or None,
                ", ".join(map(_ending, option.endings)),
                option.frees,
            )


_CHOICES: Mapping[Choice, str] = {
    Choice.FEWEST: "the fewest",
    Choice.EARLIEST_END: "the first to end",
    Choice.LEAST: "the closest fit",
}


def _chosen(option: Option) -> str:
    return ", ".join(_CHOICES[choice] for choice in option.choices)


def _ending(each: Ending) -> str:
    return f"{each.ref} (until {each.ends})" if each.ends else f"{each.ref} (no end)"


def _undated(shape: Shape) -> str:
    amount = f"{shape['amount']} {shape['currency'] or ''}".strip()
    return f"{shape['ref']}, {shape['project']}: {amount}, without a {shape['lacks']}."


def _numbers(*headings: str) -> list[Column]:
    return [Column(heading, right=True) for heading in headings]


def budget_chart(told: Told) -> Chart:
    """Return the years' budgets, and what of them is spent and committed."""
    panel = Panel(
        categories=[_category(year) for year in told.years],
        stacks=[
            [
                Series("Spent", [year.spent.amount for year in told.years]),
                Series(
                    "Committed, not spent yet",
                    [year.open.amount for year in told.years],
                ),
            ]
        ],
        limits=[Series("Budget", [y.budget.amount if y.budget else None for y in told.years])],
        shown=lambda value: Money(value, told.currency).grouped,
    )
    words = " ".join(_in_words(year) for year in told.years)
    return Chart(f"The budget of {told.code}, in {told.currency}", words, [panel])


def _category(year: YearBudget) -> str:
    if year.budget is None:
        return f"{year.year}\nno budget"
    if year.gap is not None:
        return f"{year.year}\n{year.gap.grouped} over {year.budget.grouped}"
    free = year.budget - year.bound
    return f"{year.year}\n{free.grouped} free of {year.budget.grouped}"


def _in_words(year: YearBudget) -> str:
    bound = f"{year.year}: {year.spent} spent, {year.open} committed and not spent yet"
    if year.budget is None:
        return f"{bound}, no budget."
    return f"{bound}, of a budget of {year.budget}."
