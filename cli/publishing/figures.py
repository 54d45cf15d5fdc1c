"""The figures of the program's page: each a sentence, a chart where there is a course, and a table.

A chart is drawn once for all languages: in it stand only numbers and years, whose form is put in
afterwards. Its names stand beside it, as text of the page.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from cli.output.markup import text
from cli.publishing.inlining import Values, inline
from cli.publishing.language import Language
from lifecycle.publishing.public_program import PublicProgram
from states.agreement import UNKNOWN

_FEWEST = 2
"""How many years a chart has at least: of fewer, the table says it all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One figure: its heading and what it says, its chart, and the same as a table."""

    id: str
    title: str
    words: str
    svg: str
    series: Sequence[str]
    limit: str
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]


def figures_of(it: PublicProgram, words: Language) -> Iterator[Figure]:
    """Yield the figures for which there is anything to show."""
    _ = words.gettext
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
    told = _Told(
        "years",
        _("Agreements by year of signing"),
        _("How many agreements of the register were signed in each year."),
        [words.partial(one.title) for one in it.years],
    )
    figure = _figure(words, told, [(_("Agreements"), tuple(one.count for one in it.years))])
    known = {int(one.name): one.count for one in it.years if one.name != UNKNOWN}
    if len(known) < _FEWEST:
        return replace(figure, svg="")
    # A year without any is a gap on the time that the chart shows, and no row of the table.
    every = range(min(known), max(known) + 1)
    drawn = (_("Agreements"), tuple(known.get(year, 0) for year in every))
    return replace(figure, svg=_svg(words, replace(told, years=[*map(str, every)]), [drawn], ()))


def _roles(it: PublicProgram, words: Language) -> Figure:
    _ = words.gettext
    last = it.roles[-1]
    stated = last.catalyst + last.implementer + last.other
    said = _(
        "In {year}, the home side was the catalyst of {share} of the agreements that state it."
    )
    none = _("In {year}, no agreement in force stated the role of the home side.")
    share = words.percent(round(Decimal(100 * last.catalyst) / stated)) if stated else ""
    told = _Told(
        "roles",
        _("Role of the home side: catalyst or implementer"),
        (said if stated else none).format(year=last.year, share=share),
        [str(one.year) for one in it.roles],
    )
    parts = [
        (words.word("catalyst", "role"), tuple(one.catalyst for one in it.roles)),
        (words.word("implementer", "role"), tuple(one.implementer for one in it.roles)),
        (words.word("unstated", "role"), tuple(one.unstated for one in it.roles)),
    ]
    if any(one.other for one in it.roles):
        parts.append((_("Another role"), tuple(one.other for one in it.roles)))
    return _figure(words, told, parts)


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
    told = _Told(
        "worklist",
        _("Agreements of former types"),
        said.format(n=words.number(Decimal(left))),
        [str(one.year) for one in it.worklist],
    )
    beside = [
        (_("Reclassified"), tuple(one.reclassified for one in it.worklist)),
        (words.word("sunset"), tuple(one.sunset for one in it.worklist)),
    ]
    return _figure(
        words,
        told,
        [(_("Left at the end of the year"), tuple(o.left for o in it.worklist))],
        beside,
    )


def _budgets(it: PublicProgram, words: Language) -> Figure:
    _ = words.gettext
    others = sorted({currency for one in it.budgets for currency in one.other})
    told = _Told(
        "budget",
        _("Budget and commitments, in {currency}").format(currency=it.currency),
        _("What agreements commit in each year, beside its budget."),
        [str(one.year) for one in it.budgets],
    )
    budgets = tuple(one.budget for one in it.budgets)
    beside = [
        (_("Budget"), budgets),
        *((code, tuple(one.other.get(code) for one in it.budgets)) for code in others),
    ]
    committed = [(_("Committed"), tuple(one.committed for one in it.budgets))]
    figure = _figure(words, told, committed, beside, budgets if any(budgets) else ())
    currencies = (it.currency, it.currency, *others)
    amounts = [(one.committed, one.budget, *map(one.other.get, others)) for one in it.budgets]
    rows = [
        [str(one.year), *_amounts(words, row, currencies)]
        for one, row in zip(it.budgets, amounts, strict=True)
    ]
    return replace(figure, rows=rows)


def _amounts(
    words: Language, amounts: Iterable[Decimal | None], currencies: Iterable[str]
) -> Iterator[str]:
    """Yield amounts, each in its currency; nothing for what is not known."""
    for amount, currency in zip(amounts, currencies, strict=True):
        yield "" if amount is None else words.money(amount, currency)


@dataclass(frozen=True, slots=True)
class _Told:
    """A figure in a language, but for its values."""

    id: str
    title: str
    words: str
    years: Sequence[str]


Columns = Sequence[tuple[str, Values]]


def _figure(
    words: Language, told: _Told, drawn: Columns, beside: Columns = (), limit: Values = ()
) -> Figure:
    """Return a figure; a chart is drawn where there is more than one year to compare."""
    columns = [*drawn, *beside]
    return Figure(
        id=told.id,
        title=told.title,
        words=told.words,
        svg=_svg(words, told, drawn, limit) if len(told.years) >= _FEWEST else "",
        series=[series for series, _values in drawn],
        limit=words.gettext("Budget") if limit else "",
        columns=[words.gettext("Year"), *(series for series, _values in columns)],
        rows=[
            [year, *(_cell(words, values[place]) for _name, values in columns)]
            for place, year in enumerate(told.years)
        ],
    )


def _svg(words: Language, told: _Told, drawn: Columns, limit: Values) -> str:
    """Return a chart in a language's form of numbers, told to those who don't see it."""
    name = told.id
    bars = inline(name, tuple(told.years), tuple(values for _series, values in drawn), limit)
    return (
        f'<svg class="chart" role="img" aria-labelledby="{name}-title {name}-desc"'
        f' viewBox="{bars.box}">\n<title id="{name}-title">{text(told.title)}</title>'
        f'<desc id="{name}-desc">{text(told.words)}</desc>\n{bars.said(words.number)}</svg>'
    )


def _cell(words: Language, value: Decimal | int | None) -> str:
    return "" if value is None else words.number(Decimal(value))
