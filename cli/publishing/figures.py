"""The figures of the program's page: each a sentence, a chart where there is a course, and a table.

A chart is drawn once for all languages: in it stand only numbers and years, whose form is put in
afterwards. Its names stand beside it, as text of the page.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from cli.output.markup import text
from cli.publishing.inlining import Values, inline
from cli.publishing.language import Language
from lifecycle.publishing.public_program import PublicProgram


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
        [one.title for one in it.years],
    )
    return _figure(words, told, [(_("Agreements"), tuple(one.count for one in it.years))])


def _roles(it: PublicProgram, words: Language) -> Figure:
    _ = words.gettext
    last = it.roles[-1]
    stated = last.catalyst + last.implementer
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
    return _figure(words, told, parts)


def _worklist(it: PublicProgram, words: Language) -> Figure:
    _ = words.gettext
    left = it.worklist[-1].left
    said = words.ngettext(
        "{n} memorandum is still to be reclassified or to go to sunset.",
        "{n} memoranda are still to be reclassified or to go to sunset.",
        left,
    )
    told = _Told(
        "worklist",
        _("Memoranda of understanding left"),
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
    return _figure(words, told, committed, beside, budgets if any(budgets) else ())


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
        svg=_svg(words, told, drawn, limit) if len(told.years) > 1 else "",
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
