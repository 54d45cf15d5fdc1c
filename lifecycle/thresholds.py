"""On which days somebody is told of a date, and how loudly: pure arithmetic on days.

A threshold is a number of days from the date: below 0 for a notice ahead of it, 0 on the day, above
0 for an alert that is repeated. Of those that passed meanwhile only the nearest counts.
"""

from datetime import date, timedelta

from guards.policy_notices import Notices
from states.vocabulary import Rule


def first_day(rule: Rule, due: date, notices: Notices) -> date | None:
    """Return the first day on which somebody is told of a date; None where nobody ever is."""
    if rule in notices.off:
        return None
    return due - timedelta(days=max(notices.days_before(rule), default=0))


def passed(rule: Rule, due: date, day: date, notices: Notices) -> int | None:
    """Return the nearest threshold that has come on a day, or None before the first."""
    days, between = (day - due).days, notices.days_between(rule)
    if days < 0:
        ahead = (-before for before in notices.days_before(rule) if -before <= days)
        return max(ahead, default=None)
    return days // between * between if between else 0


def next_day(rule: Rule, due: date, day: date, notices: Notices) -> date | None:
    """Return the next day after `day` on which a threshold comes; None where none does."""
    days, between = (day - due).days, notices.days_between(rule)
    if days < 0:
        ahead = (-before for before in notices.days_before(rule) if -before > days)
        return due + timedelta(days=min(ahead, default=0))
    if not between:
        return None
    return due + timedelta(days=(days // between + 1) * between)


def loudness(rule: Rule, threshold: int, notices: Notices) -> int:
    """Return how loud a threshold is: 0 for a notice, 1 for the first alert, then one more each."""
    between = notices.days_between(rule)
    if threshold < 0:
        return 0
    return threshold // between + 1 if between else 1
