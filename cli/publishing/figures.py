"""The figures of the program's page: each a sentence, a chart where there is a course, and a table.

A chart is drawn once for all languages: in it stand only numbers and years, whose form is put in
afterwards. Its names stand beside it, as text of the page. A year of which nothing is known is a
gap on the time that a chart shows, and no row of its table.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from cli.output.markup import text
from cli.publishing.inlining import inline
from cli.publishing.language import Language
from lifecycle.publishing.public_program import PublicProgram
from states.agreement import UNKNOWN

_FEWEST = 2
"""How many years a chart has at least: of fewer, the table says it all."""

Years = Mapping[int, Decimal | int | None]
Said = Callable[[Decimal], str]


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure: its heading and what it says, its chart, and the same as a table.

    `series` are what the chart's bars are called, `limit` what is drawn across them.
    """

    id: str
    title: str
    words: str
    columns: Sequence[str] = ()
    rows: Sequence[Sequence[str]] = ()
    series: Sequence[str] = ()
    limit: str = ""
    svg: str = ""


@dataclass(frozen=True, slots=True)
class _Column:
    """What a column of a table says year by year, and how a value of it is written."""

    name: str
    values: Years
    said: Said

    def cell(self, year: int) -> str:
        """Return what it says of a year; nothing for what is not known."""
        value = self.values.get(year)
        return "" if value is None else self.said(Decimal(value))


def figures_of(it: PublicProgram, words: Language) -> Iterator[Figure]:
    """Yield the figures for which there is anything to show."""
    if it.years:
        yield _by_year(it, words)
    if it.roles:
        yield _roles(it, words)
    if it.worklist:
        yield _worklist(it, words)
    if it.budgets:
        yield _budgets(it, words)


def _by_year(it: PublicProgram, words: Language) -> Figure:
    _ = words.gettext
    counts = {one.name: one.count for one in it.years}
    undated = counts.pop(UNKNOWN, None)
    signed = _Column(_("Agreements"), {int(year): n for year, n in counts.items()}, words.number)
    figure = Figure(
        "years",
        _("Agreements by year of signing"),
        _("How many agreements of the register were signed in each year."),
    )
    figure = _drawn(_tabled(figure, words, [signed]), words, [signed])
    if undated is None:
        return figure
    last = [words.partial(UNKNOWN), words.number(Decimal(undated))]
    return replace(figure, rows=[*figure.rows, last])


def _roles(it: PublicProgram, words: Language) -> Figure:
    _ = words.gettext
    last = it.roles[-1]
    stated = last.catalyst + last.implementer + last.other
    said = _(
        "In {year}, the home side was the catalyst of {share} of the agreements that state it."
    )
    none = _("In {year}, no agreement in force stated the role of the home side.")
    share = words.percent(round(Decimal(100 * last.catalyst) / stated)) if stated else ""
    figure = Figure(
        "roles",
        _("Role of the home side: catalyst or implementer"),
        (said if stated else none).format(year=last.year, share=share),
    )
    names = {
        "catalyst": words.word("catalyst", "role"),
        "implementer": words.word("implementer", "role"),
        "unstated": words.word("unstated", "role"),
    }
    if any(one.other for one in it.roles):
        names["other"] = _("Another role")
    columns = [
        _Column(words_of, {one.year: getattr(one, name) for one in it.roles}, words.number)
        for name, words_of in names.items()
    ]
    # Nothing is to be compared before the first year in which an agreement states its role.
    stating = [one.year for one in it.roles if one.catalyst + one.implementer + one.other]
    since = min(stating, default=last.year)
    return _drawn(_tabled(figure, words, columns), words, columns, since=since)


def _worklist(it: PublicProgram, words: Language) -> Figure:
    _ = words.gettext
    left = it.worklist[-1].left
    said = words.ngettext(
        "{n} agreement of a type that is no longer made is still to be reclassified or to go to"
        " sunset.",
        "{n} agreements of a type that is no longer made are still to be reclassified or to go to"
        " sunset.",
        left,
    )
    figure = Figure(
        "worklist", _("Agreements of former types"), said.format(n=words.number(Decimal(left)))
    )
    names = (
        ("left", _("Left at the end of the year")),
        ("reclassified", _("Reclassified")),
        ("sunset", words.word("sunset")),
    )
    columns = [
        _Column(words_of, {one.year: getattr(one, name) for one in it.worklist}, words.number)
        for name, words_of in names
    ]
    return _drawn(_tabled(figure, words, columns), words, columns[:1])


def _budgets(it: PublicProgram, words: Language) -> Figure:
    _ = words.gettext
    figure = Figure(
        "budget",
        _("Budget and commitments, in {currency}").format(currency=it.currency),
        _("What agreements commit in each year, beside its budget."),
    )

    def column(name: str, currency: str, values: Years) -> _Column:
        return _Column(name, values, lambda amount: words.money(amount, currency))

    committed = column(_("Committed"), it.currency, {one.year: one.committed for one in it.budgets})
    budget = column(_("Budget"), it.currency, {one.year: one.budget for one in it.budgets})
    others = [
        column(code, code, {one.year: one.other.get(code) for one in it.budgets})
        for code in sorted({code for one in it.budgets for code in one.other})
    ]
    figure = _tabled(figure, words, [committed, budget, *others])
    limit = budget if any(budget.values.values()) else None
    return _drawn(figure, words, [committed], limit)


def _tabled(figure: Figure, words: Language, columns: Sequence[_Column]) -> Figure:
    """Return a figure with its table: a row for each year that the first column knows."""
    return replace(
        figure,
        columns=[words.gettext("Year"), *(column.name for column in columns)],
        rows=[
            [str(year), *(column.cell(year) for column in columns)]
            for year in sorted(columns[0].values)
        ],
    )


def _drawn(
    figure: Figure,
    words: Language,
    columns: Sequence[_Column],
    limit: _Column | None = None,
    since: int = 0,
) -> Figure:
    """Return a figure with its chart, in a language's form of numbers, told to who can't see it."""
    known = [year for year in columns[0].values if year >= since]
    if len(known) < _FEWEST:
        return figure
    years = range(min(known), max(known) + 1)
    bars = inline(
        figure.id,
        tuple(map(str, years)),
        tuple(tuple(map(column.values.get, years)) for column in columns),
        tuple(map(limit.values.get, years)) if limit else (),
    )
    name = figure.id
    svg = (
        f'<svg class="chart" role="img" aria-labelledby="{name}-title {name}-desc"'
        f' viewBox="{bars.box}">\n<title id="{name}-title">{text(figure.title)}</title>'
        f'<desc id="{name}-desc">{text(figure.words)}</desc>\n{bars.said(words.number)}</svg>'
    )
    series = [column.name for column in columns]
    return replace(figure, series=series, limit=limit.name if limit else "", svg=svg)
