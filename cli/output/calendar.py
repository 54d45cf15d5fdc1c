"""Agreements' dates as an iCalendar feed (RFC 5545), piece by piece.

Each date is one all-day event. Its UID is the agreement's, the rule's and the item's for good, so
that a calendar moves an event instead of adding another; its DTSTAMP is the instant of the
agreement's last entry, so that the same record gives the same bytes. The only importer of
icalendar, which escapes whatever people wrote.
"""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

from icalendar import Calendar, Event

from cli.output.text import clean, one_line
from lifecycle.dates import Dated, uid_of
from states.ref import Ref
from states.standing import Standing
from states.vocabulary import Rule

_PRODUCT = "-//lifecycle//international partnership agreements//EN"
_END = b"END:VCALENDAR\r\n"
_SHORT = {
    Rule.TERM_STARTS: "term begins",
    Rule.TERM_OVER: "last day of the term",
    Rule.REVIEW_DUE: "review",
    Rule.DECISION_DUE: "decision owed",
    Rule.PROJECT_ENDED: "project ends",
    Rule.EXAMINATION_DUE: "results to be examined",
    Rule.MILESTONE_DUE: "milestone",
    Rule.OBLIGATION_DUE: "obligation",
    Rule.ANNUAL_DUE: "annual report",
    Rule.DORMANT: "dormant from here on",
    Rule.UNPUBLISHED: "to be public",
    Rule.NOT_RECLASSIFIED: "to be reclassified",
    Rule.ENDORSEMENT_ENDS: "last day of the endorsement",
    Rule.APPROVAL_ENDS: "last day of an approval",
}


def head(name: str) -> bytes:
    """Return how a calendar of this name begins."""
    calendar = Calendar()
    calendar.add("PRODID", _PRODUCT)
    calendar.add("VERSION", "2.0")
    calendar.add("METHOD", "PUBLISH")
    # The second is what calendars knew before RFC 7986.
    calendar.add("NAME", one_line(name))
    calendar.add("X-WR-CALNAME", one_line(name))
    return bytes(calendar.to_ical()).removesuffix(_END)


def end() -> bytes:
    """Return how every calendar ends."""
    return _END


def events(
    code: str, standing: Standing, changed: datetime, dated: Sequence[Dated]
) -> Iterator[bytes]:
    """Yield an agreement's dates as events; `changed` is the instant of its last entry."""
    ref = Ref.of(code, standing.key)
    for one in dated:
        about = f" {one.item}" if one.item else ""
        event = Event()
        event.add("UID", uid_of(ref, one.rule, one.item))
        event.add("DTSTAMP", changed.astimezone(UTC).replace(microsecond=0))
        event.add("DTSTART", one.day)
        event.add("SUMMARY", one_line(f"{ref} {_SHORT[one.rule]}{about}: {standing.title}"))
        event.add("DESCRIPTION", _description(ref, standing, one))
        event.add("CATEGORIES", [one.rule.value])
        event.add("TRANSP", "TRANSPARENT")
        yield bytes(event.to_ical())


def _description(ref: Ref, standing: Standing, one: Dated) -> str:
    title, message = one_line(standing.title), one_line(one.telling.message)
    fix = one_line(one.telling.fix.replace("REF", str(ref)))
    owner = one_line(standing.owner)
    return clean(f"{title}\n{message}\n{fix}\nowner: {owner} [{one.telling.report}]")
