"""A forecast as JSON and CSV: both cases, the difference, and everything that is assumed."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from cli.output.shapes import Shape
from cli.output.text import one_line
from lifecycle.forecasting.years import Case, Year
from states.money import Money
from states.ref import Ref

COUNTS = ("active", "held", "most", "dormant", "staff", "decisions")
MONEY = ("budget", "committed", "spent", "left", "free")
KEYS = ("case", "year", *COUNTS, "cap", "currency", *MONEY)
"""The keys of a row of CSV: the count of today has no year."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What is told: the present case and, where something was asked, what if."""

    code: str
    present: Case
    what_if: Case | None
    included: Sequence[Ref]
    left_out: Sequence[Ref]
    policy: str | None

    @property
    def cases(self) -> Mapping[str, Case]:
        """The cases by name."""
        return {"present": self.present, **({"what_if": self.what_if} if self.what_if else {})}

    @property
    def renewed(self) -> bool:
        """Whether it is asked what if all were renewed."""
        return self.what_if is not None and self.what_if.rules.renewed


def currency_of(case: Case) -> str:
    """Return the currency that a case counts in."""
    return case.rules.policy.program.currency


def counts_of(year: Year) -> Mapping[str, object]:
    """Return what is counted of a year, by key."""
    values = (
        year.count.active,
        year.count.held,
        year.most,
        year.count.dormant,
        year.staff,
        len(year.due),
    )
    return dict(zip(COUNTS, values, strict=True))


def money_of(year: Year) -> Mapping[str, Money | None]:
    """Return a year's money, by key."""
    money = year.money
    values = (money.budget, money.committed, money.spent, money.open, money.free)
    return dict(zip(MONEY, values, strict=True))


def differences(told: Told) -> Iterator[tuple[Year, Mapping[str, object]]]:
    """Yield by how much the years differ, what if from the present; None where that can't be said.

    Of two currencies it can't.
    """
    if told.what_if is None:
        return
    for before, after in zip(told.present.years, told.what_if.years, strict=True):
        counts = {key: _less(counts_of(after)[key], counts_of(before)[key]) for key in COUNTS}
        money = {key: _less(money_of(after)[key], money_of(before)[key]) for key in MONEY}
        yield after, {**counts, **money}


def _less(after: object, before: object) -> object:
    match after, before:
        case Money(), Money():
            return after - before if after.currency == before.currency else None
        case None, _:
            return None
        case _, None:
            return None
        case _:
            return after - before  # type: ignore[operator] # counts and full-time equivalents


def forecast_shape(told: Told) -> Shape:
    """Return a forecast as JSON: money and full-time equivalents are text."""
    return {
        "program": told.code,
        "today": told.present.rules.today,
        "asked": {
            "with": list(map(str, told.included)),
            "without": list(map(str, told.left_out)),
            "policy": told.policy,
            "renewed": told.renewed,
        },
        "assumptions": list(assumptions(told)),
        "present": _case_shape(told.present),
        "what_if": told.what_if and _case_shape(told.what_if),
        "difference": told.what_if
        and [{"year": year.year, **_plain(less)} for year, less in differences(told)],
    }


def _case_shape(case: Case) -> Shape:
    return {
        "cap": case.cap,
        "currency": currency_of(case),
        "now": {
            "active": case.now.active,
            "held": case.now.held,
            "dormant": case.now.dormant,
        },
        "years": [_year_shape(year) for year in case.years],
        "staff_undated": _text(case.staff_undated),
        "unknown_types": list(map(str, case.unknown)),
    }


def _year_shape(year: Year) -> Shape:
    return {
        "year": year.year,
        **_plain(counts_of(year)),
        **_plain(money_of(year)),
        "gap": year.money.gap and year.money.gap.plain,
        "other_currencies": [
            {"currency": name, "committed": other.committed.plain, "spent": other.spent.plain}
            for name, other in year.money.others.items()
        ],
        "due": [
            {"due": one.day, "rule": one.rule, "ref": str(one.ref), "title": one.title}
            for one in year.due
        ],
    }


def _plain(values: Mapping[str, object]) -> Shape:
    return {key: _text(value) for key, value in values.items()}


def _text(value: object) -> object:
    """Return a value as JSON has it: exact amounts are text."""
    if isinstance(value, Money):
        return value.plain
    return f"{value.normalize():f}" if isinstance(value, Decimal) else value


def row_shapes(told: Told) -> list[Shape]:
    """Return today and each year of each case as a row, and the differences."""
    rows: list[Shape] = []
    for name, case in told.cases.items():
        of = {"case": name, "cap": case.cap, "currency": currency_of(case)}
        now = case.now
        rows.append({**of, "active": now.active, "held": now.held, "dormant": now.dormant})
        rows += [
            {**of, "year": year.year, **_plain(counts_of(year)), **_plain(money_of(year))}
            for year in case.years
        ]
    rows += [
        {"case": "difference", "year": year.year, **_plain(less)}
        for year, less in differences(told)
    ]
    return rows


def assumptions(told: Told) -> Iterator[str]:
    """Yield what both cases assume, then what is asked."""
    yield "Each agreement ends with its term, and none is renewed. One without an end date goes on."
    yield (
        "What is signed becomes active when its term starts. What waits for a decision holds its "
        "place until that is due: to the end of this year, where the day has passed or none is set."
    )
    yield (
        "Money and staff are what the documents of signed and active agreements state for a year; "
        "no proposal comes to anything. Dormant are those that are so today and still active."
    )
    if told.included:
        yield (
            f"What if: {_refs(told.included)} counts as active from its term on, or from today "
            "where that has begun or is not stated."
        )
    if told.left_out:
        yield f"What if: {_refs(told.left_out)} ends today. What was spent stays spent."
    if told.policy:
        yield f"What if: the policy {one_line(told.policy)} is in force from today on."
    if told.renewed:
        yield (
            "What if: every agreement is renewed. What a next term would cost is not known, and "
            "nothing is assumed for it."
        )
    yield from _not_counted(told)


def _not_counted(told: Told) -> Iterator[str]:
    case = told.what_if or told.present
    if case.unknown:
        yield f"Of a type that the policy does not know, and in no place: {_refs(case.unknown)}."
    if case.staff_undated:
        yield f"Staff stated without a year, and counted in none: {_text(case.staff_undated)} FTE."
    if currency_of(case) != currency_of(told.present):
        yield (
            f"The policy counts in {currency_of(case)}, and not in {currency_of(told.present)}: no "
            "difference can be said."
        )


def _refs(refs: Sequence[Ref]) -> str:
    return ", ".join(map(str, refs))
