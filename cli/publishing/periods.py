"""A policy's periods and limits in the words of a public page."""

from collections.abc import Iterator
from decimal import Decimal

from cli.publishing.language import Language
from guards.policy import Policy


def periods_of(policy: Policy, words: Language) -> Iterator[tuple[str, str]]:
    """Yield each period that the policy sets: what it is for, and its days or months."""
    _ = words.gettext
    due = policy.deadlines
    days = (
        (_("From the submission of a proposal to the decision"), due.decision_days),
        (_("From acceptance to signing"), due.negotiation_days),
        (_("From the end of a term to the decision on its future"), due.evaluation_days),
        (_("From the decision to renew to negotiation"), due.renewal_days),
        (_("From signing to publication"), policy.publish_days),
        (_("From the end of a year to its annual report"), policy.annual_report_days),
    )
    months = (
        (_("Before the end of a term, evaluation may begin by"), policy.evaluation_window_months),
        (_("Without activity, an agreement is dormant after"), policy.dormancy_months),
    )
    for what, number in days:
        if number is not None:
            yield what, _counted(words, number, words.ngettext("{n} day", "{n} days", number))
    for what, number in months:
        yield what, _counted(words, number, words.ngettext("{n} month", "{n} months", number))


def limits_of(policy: Policy, words: Language) -> Iterator[tuple[str, str]]:
    """Yield each limit of the portfolio: how many agreements, counted per what, and its types."""
    _ = words.gettext
    per = {
        "program": _("At most {n} agreements at once"),
        "year": _("At most {n} agreements a year"),
        "country": _("At most {n} agreements with one country"),
        "region": _("At most {n} agreements with one region"),
    }
    for limit in policy.limits:
        types = (policy.types[code].title for code in limit.types if code in policy.types)
        yield _counted(words, limit.at_most, per[limit.per]), ", ".join(types)


def _counted(words: Language, number: int, sentence: str) -> str:
    return sentence.replace("{n}", words.number(Decimal(number)))
