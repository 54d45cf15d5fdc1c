"""Reads as of a day that has passed: which day, and by whom it is read."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import msgspec

from cli.refs import Found, found
from cli.session import Session
from cli.settings import Reading
from lifecycle.entry import instant
from lifecycle.history import FOREVER, Moment
from states.problem import InvalidInputError, Problem
from store.past import Past
from store.reader import Reader

_LAST = date(2999, 12, 31)


class Seen(msgspec.Struct, frozen=True):
    """A reader, and the day that it is to it: today, or one that has passed."""

    reader: Reader
    day: date

    @property
    def past(self) -> Past | None:
        """The reader of a day that has passed; None where it is today."""
        return self.reader if isinstance(self.reader, Past) else None

    def found(self, text: str) -> Found:
        """Return the one agreement that is meant, as it stood; it is found by its present name.

        Raises InvalidInputError where it was not on record.
        """
        agreement = found(self.reader, text)
        if self.past is None:
            return agreement
        standing = self.past.then(agreement.standing.key)
        if standing is None:
            entered = agreement.standing.opened_on
            since = f"it was entered on {entered}" if entered else "it was entered later"
            message = f"{agreement.ref} was not on record on {self.day}; {since}"
            hint = f"lifecycle log {agreement.ref} shows its entries"
            raise InvalidInputError([Problem("not_yet", message, key="REF", hint=hint)])
        return Found(agreement.ref, standing)


@contextmanager
def seen(session: Session, reading: Reading) -> Iterator[Seen]:
    """Open a reader for the day that is asked about; raises InvalidInputError for one ahead."""
    if not reading.of_the_past:
        with session.store.reading() as reader:
            yield Seen(reader, session.today)
        return
    moment = _moment(session, reading)
    with session.store.reading_past(moment) as past:
        if not past.began:
            message = f"{session.code} has no record of {moment.day}: no policy was in force yet"
            hint = "lifecycle policy list shows since when one is"
            raise InvalidInputError([Problem("before_the_record", message, hint=hint)])
        yield Seen(past, moment.day)


def days_of(reading: Reading) -> dict[str, date | None]:
    """Return which days were asked about, as JSON has them."""
    return {"as_of": reading.as_of, "recorded_by": reading.recorded_by}


def days_text(reading: Reading) -> str:
    """Return which days were asked about, as a line that stands above the answer."""
    of = f"As of {reading.as_of}" if reading.as_of else ""
    by = f"as recorded by the end of {reading.recorded_by}" if reading.recorded_by else ""
    said = f"{of}, {by}" if of and by else of or f"A{by[1:]}"
    return f"{said}.\n"


def _moment(session: Session, reading: Reading) -> Moment:
    today, problems = session.today, []
    for key, day in (("--as-of", reading.as_of), ("--recorded-by", reading.recorded_by)):
        if day is not None and day > today:
            message = f"{day} is still to come: today it is {today}"
            hint = "what is due by then: lifecycle status --days N"
            problems.append(Problem("future", message, key=key, hint=hint))
    as_of, by = reading.as_of, reading.recorded_by
    if not problems and as_of is not None and by is not None and as_of > by:
        message = f"what was recorded by {by} can't tell what was true on {as_of}, which came later"
        hint = "name the same day or one before with --as-of"
        problems.append(Problem("future", message, key="--as-of", hint=hint))
    if problems:
        raise InvalidInputError(problems)
    return Moment(as_of or by or today, _before(by, session.time_zone))


def _before(by: date | None, zone: str) -> str:
    """Return the first instant after a day in the program's time zone, as lines write it."""
    if by is None or by >= _LAST:
        return FOREVER
    midnight = datetime.combine(by + timedelta(days=1), time(), ZoneInfo(zone))
    return instant(midnight.astimezone(UTC))
