"""A year's figures in the words of a public page: what is told first, and the rest as a table."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from cli.publishing.language import Language
from lifecycle.publishing.public_year import PublicFigure, PublicReport

_CURRENCY = 3


@dataclass(frozen=True, slots=True)
class Told:
    """A year's figures: some large, with what they are of, and all in their order."""

    first: Sequence[tuple[str, str]]
    every: Sequence[tuple[str, str]]


def told(report: PublicReport, words: Language) -> Told:
    """Return a year's figures in a language."""
    names = _names(words)
    counts = {one.name: one for one in report.figures if one.unit is None}
    first = [counts[name] for name in _FIRST if name in counts]
    return Told(
        [(_said(one, words), names.get(one.name, words.word(one.name))) for one in first],
        [(names.get(one.name, words.word(one.name)), _said(one, words)) for one in report.figures],
    )


_FIRST = ("agreements_in_force", "milestones_met", "indicators_at_target", "reports_complete")


def _said(one: PublicFigure, words: Language) -> str:
    """Return a figure's value with its unit; three capitals are a currency."""
    if one.unit is None:
        return words.number(one.value)
    if len(one.unit) == _CURRENCY and one.unit.isupper():
        return words.money(one.value, one.unit)
    return f"{words.number(one.value)} {one.unit}"


def _names(words: Language) -> Mapping[str, str]:
    _ = words.gettext
    return {
        "agreements_in_force": _("Agreements in force"),
        "terms_begun": _("Terms begun"),
        "terms_ended": _("Terms ended"),
        "taken_over": _("Agreements taken over, signed before"),
        "reports_owed": _("Agreements that owe a report"),
        "reports_complete": _("Agreements with a complete report"),
        "indicators_agreed": _("Indicators agreed on"),
        "indicators_measured": _("Indicators measured in the year"),
        "indicators_at_target": _("Indicators at their target"),
        "indicators_never_measured": _("Indicators never measured"),
        "milestones_met": _("Milestones met"),
        "milestones_met_late": _("of these, met late"),
        "milestones_overdue": _("Milestones overdue"),
        "new_investments": _("New investments"),
    }
