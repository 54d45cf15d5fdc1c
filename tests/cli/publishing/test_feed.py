"""The register's calendar: what other programs read of it, whatever people wrote."""

from datetime import UTC, date, datetime

import msgspec
import pytest
from icalendar import Calendar, Event

from cli.publishing.feed import Feed
from cli.publishing.language import language
from lifecycle.publishing.public_agreement import PublicAgreement, PublicDate
from tests.cli.publishing.publics import HOSTILE, full
from tests.cli.test_export import of

DATES = (
    PublicDate(on=date(2026, 11, 30), rule="term_over", uid="1.term_over@tor"),
    PublicDate(on=date(2024, 2, 29), rule="milestone_due", what="Mission", uid="1.m1@tor"),
    PublicDate(on=date(2031, 1, 1), rule="of_later_releases", uid="1.later@tor"),
)
KEYS = {"UID", "DTSTAMP", "DTSTART", "SUMMARY", "DESCRIPTION", "CATEGORIES", "TRANSP"}


def public(text: str, *dates: PublicDate, ref: str = "TOR-2026-001") -> PublicAgreement:
    """Return an agreement with these dates, each text of it this one."""
    return msgspec.structs.replace(full(text, ref), dates=dates)


def feed(*publics: PublicAgreement, name: str = "City of Toronto", code: str = "en") -> bytes:
    """Return the calendar of these agreements."""
    made = Feed(name, language(code))
    for one in publics:
        made.add(one)
    [(path, data)] = made.files()
    assert path == "calendar.ics"
    return data


def events(data: bytes) -> dict[str, Event]:
    """Return the events by UID, as a calendar reads them."""
    calendar = Calendar.from_ical(data)
    assert isinstance(calendar, Calendar)
    return {str(of(event, "UID")): event for event in calendar.events}


def test_each_public_date_is_an_all_day_event() -> None:
    """On its day, under its own name, stamped with the day of the agreement's last change."""
    found = events(feed(public("Trade, and more; now", *DATES)))
    assert {uid: of(event, "DTSTART").dt for uid, event in found.items()} == {
        one.uid: one.on for one in DATES
    }
    assert [str(of(event, "SUMMARY")) for event in found.values()] == [
        "Term ends \u2013 Trade, and more; now",
        "Milestone due \u2013 Mission \u2013 Trade, and more; now",
        "Of later releases \u2013 Trade, and more; now",
    ]
    for event in found.values():
        assert of(event, "DTSTAMP").dt == datetime(2026, 11, 2, tzinfo=UTC)
        assert event.keys() == KEYS


def test_words_are_of_the_sites_first_language() -> None:
    """What a city wrote is as it wrote it."""
    [french] = events(feed(public("Trade", DATES[0]), code="fr")).values()
    assert str(of(french, "SUMMARY")) == "Fin de la p\u00e9riode \u2013 Trade"


def test_what_is_written_anew_changes_only_where_something_did() -> None:
    """The same agreements give the same bytes; another date of one moves that event alone."""
    first, other = public("Trade", *DATES), public("Arts", DATES[1], ref="TOR-2026-002")
    assert feed(first, other) == feed(first, other)
    moved = msgspec.structs.replace(DATES[0], on=date(2027, 11, 30))
    before, after = events(feed(first)), events(feed(public("Trade", moved, *DATES[1:])))
    assert [uid for uid in before if before[uid] != after[uid]] == ["1.term_over@tor"]


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_texts_neither_end_an_event_nor_turn_what_follows(text: str) -> None:
    """Names, titles and UIDs: as many events, keys and lines, and nothing that acts."""
    dates = (msgspec.structs.replace(DATES[1], what=text, uid=text),)
    data = feed(public(text, *dates), public("Trade", DATES[0]), name=text)
    found = events(data)
    assert len(found) == data.count(b"\nBEGIN:") == 2
    assert all(event.keys() == KEYS and not event.subcomponents for event in found.values())
    assert not {"\u202e", "\x1b", "\x00"} & set(data.decode())
    assert data.count(b"\r\n") == data.count(b"\n") == data.count(b"\r")
    assert max(map(len, data.split(b"\r\n"))) <= 75


def test_an_empty_register_has_a_calendar_without_events() -> None:
    """Which calendars take all the same."""
    assert events(feed()) == {}
