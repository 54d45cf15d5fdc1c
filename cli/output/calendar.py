"""Agreements' dates as an iCalendar feed (RFC 5545), piece by piece: staff's, and the public's.

Each date is one all-day event. Its UID is the agreement's, the rule's and the item's for good, so
that a calendar moves an event instead of adding another; its DTSTAMP is the instant of the
agreement's last entry, so that the same record gives the same bytes. The only importer of
icalendar, which escapes and folds whatever people wrote; its `Event` takes seven times as long.
"""

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from functools import lru_cache

from icalendar import Calendar, vText
from icalendar.parser import Contentline

from cli.output.text import clean, one_line
from lifecycle.dates import Dated, uid_of
from states.ref import Ref
from states.standing import Standing
from states.vocabulary import Rule

_PRODUCT = "-//lifecycle//international partnership agreements//EN"
_END = b"END:VCALENDAR\r\n"
_FOLDED = 75
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
        yield event(
            uid=uid_of(ref, one.rule, one.item),
            stamp=changed,
            day=one.day,
            summary=f"{ref} {_SHORT[one.rule]}{about}: {standing.title}",
            description=_description(ref, standing, one),
            category=one.rule,
        )


def event(
    *, uid: str, stamp: datetime, day: date, summary: str, description: str, category: str
) -> bytes:
    """Return one all-day event; of a description's texts each takes a line."""
    lines = (
        b"BEGIN:VEVENT",
        _line("UID", one_line(uid)),
        f"DTSTAMP:{stamp.astimezone(UTC):%Y%m%dT%H%M%SZ}".encode(),
        f"DTSTART;VALUE=DATE:{day:%Y%m%d}".encode(),
        _line("SUMMARY", one_line(summary)),
        _line("DESCRIPTION", description),
        _line("CATEGORIES", category),
        b"TRANSP:TRANSPARENT",
        b"END:VEVENT",
        b"",
    )
    return b"\r\n".join(lines)


# An agreement's events have many lines in common, and folding is slow.
@lru_cache(maxsize=64)
def _line(key: str, text: str) -> bytes:
    line = f"{key}:".encode() + bytes(vText(clean(text)).to_ical())
    if len(line) < _FOLDED:
        return line
    return bytes(Contentline(line).to_ical())  # type: ignore[no-untyped-call]


def _description(ref: Ref, standing: Standing, one: Dated) -> str:
    title, message = one_line(standing.title), one_line(one.telling.message)
    fix = one_line(one.telling.fix.replace("REF", str(ref)))
    owner = one_line(standing.owner)
    return f"{title}\n{message}\n{fix}\nowner: {owner} [{one.telling.report}]"
