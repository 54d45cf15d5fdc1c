"""`lifecycle export`: a calendar feed that programs read, whatever people wrote."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from icalendar import Calendar, Event

from states.vocabulary import State
from tests.builders import BEN, complete_agreement
from tests.cli.conftest import Cli
from tests.cli.running import on_terminal, process
from tests.stage import Stage


def of(event: Event, key: str) -> Any:  # noqa: ANN401 - a value of any of iCalendar's types
    """Return what an event says under a key."""
    return event[key]


def events(text: str) -> Iterator[Event]:
    """Yield the events of a feed, as a calendar reads it."""
    calendar = Calendar.from_ical(text)
    assert isinstance(calendar, Calendar)
    yield from calendar.events


def by_uid(text: str) -> dict[str, Event]:
    """Return the events by UID, each of which is there once."""
    found = list(events(text))
    named = {str(of(event, "UID")): event for event in found}
    assert len(named) == len(found)
    return named


def feed(stage: Stage, *more: object) -> str:
    """Return the feed byte by byte, as a process of its own writes it."""
    return process("--db", stage.path, "export", "--format", "ics", *more).well().out


def test_each_date_is_an_all_day_event(stage: Stage) -> None:
    """End, milestones and projects; UID, stamp and category are the record's own."""
    ref = stage.reach(State.ACTIVE)
    text = feed(stage)
    found = by_uid(text)
    ends = found[f"{ref}.term_over@tor.lifecycle"]
    assert of(ends, "DTSTART").dt == date(2029, 12, 31)
    recorded = datetime.fromisoformat(stage.last(ref).recorded_at)
    assert of(ends, "DTSTAMP").dt == recorded.astimezone(UTC).replace(microsecond=0)
    assert of(ends, "CATEGORIES").cats == ["term_over"]
    assert str(of(ends, "SUMMARY")).startswith(f"{ref} last day of the term: Trade")
    assert f"lifecycle check {ref}" in str(of(ends, "DESCRIPTION"))
    rules = {str(of(event, "CATEGORIES").cats[0]) for event in found.values()}
    assert rules >= {"term_over", "project_ended", "milestone_due", "annual_due"}
    assert all(type(of(event, "DTSTART").dt) is date for event in found.values())
    assert all("URL" not in event for event in found.values())
    assert text.count("\r\n") == text.count("\n")
    assert max(len(line.encode()) for line in text.split("\r\n")) <= 75


def test_the_same_record_gives_the_same_bytes(stage: Stage) -> None:
    """So that a feed that is written anew each night changes only where something did."""
    ref = stage.reach(State.SIGNED)
    other = stage.reach(State.ACTIVE)
    before = feed(stage)
    assert feed(stage) == before
    stage.hour += 1
    stage.attach(other, kind="evidence")
    after = by_uid(feed(stage))
    changed = {uid for uid, event in by_uid(before).items() if event != after[uid]}
    assert changed
    assert all(uid.startswith(f"{other}.") for uid in changed)
    assert by_uid(before).keys() == after.keys()
    assert any(uid.startswith(f"{ref}.") for uid in after)


HOSTILE = (
    "Trade\r\nEND:VEVENT\r\nBEGIN:VALARM",
    "Trade, and; more\\n: \\, \\;",
    "سلام \u202egnihtemos\u202c שלום",
    "Łódź 友好 \U0001f91d " + "é" * 200,
    "tab\there \x00\x1b[2J",
)


@pytest.mark.parametrize("title", HOSTILE)
def test_whatever_a_title_is_the_feed_has_the_same_events(stage: Stage, title: str) -> None:
    """Nothing in it opens or ends a part, adds a key, or turns the direction of what follows."""
    ref = stage.reach(State.ACTIVE)
    known = by_uid(feed(stage))
    stored = title.replace("\x00", "")
    stage.tamper("UPDATE agreement SET title = :title", title=stored)
    text = feed(stage)
    found = by_uid(text)
    assert found.keys() == known.keys()
    assert all(event.keys() == known[uid].keys() for uid, event in found.items())
    assert not [event for event in found.values() if event.subcomponents]
    assert not {"\u202e", "\x1b", "\x00"} & set(text)
    summary = str(of(found[f"{ref}.term_over@tor.lifecycle"], "SUMMARY"))
    assert summary.startswith(f"{ref} last day of the term: {stored[:3]}")
    assert "\n" not in summary


def test_an_owner_gets_their_own(stage: Stage, cli: Cli) -> None:
    """However the name is written."""
    mine = stage.reach(State.ACTIVE)
    theirs = stage.reach(State.SIGNED, complete_agreement(owner=BEN))
    assert {uid[:12] for uid in by_uid(feed(stage, "--owner", BEN.upper()))} == {str(theirs)}
    assert {uid[:12] for uid in by_uid(feed(stage))} == {str(mine), str(theirs)}
    assert not list(events(cli("export", "--format", "ics", "--owner", "nobody").well().out))


def test_a_file_is_written_whole_or_not_at_all(stage: Stage, cli: Cli, tmp_path: Path) -> None:
    """Its ending says the format; what was there stays where the new one fails."""
    stage.reach(State.ACTIVE)
    file = tmp_path / "dates.ics"
    assert not cli("export", "-o", file).well().out
    before = file.read_bytes()
    assert before.decode() == feed(stage)
    stage.tamper("UPDATE watch SET due = 'soon' WHERE rule = 'dormant'")
    process("--db", stage.path, "export", "-o", file).badly(3)
    assert file.read_bytes() == before
    assert [path.name for path in tmp_path.glob("*.ics")] == ["dates.ics"]


def test_many_agreements_are_written_in_pieces(stage: Stage) -> None:
    """More than are read at once; each is there, in the order of references."""
    refs = [str(stage.take_over()) for _ in range(230)]
    found = [uid[:12] for uid in by_uid(feed(stage))]
    assert list(dict.fromkeys(found)) == refs


def test_a_format_is_asked_for(stage: Stage, cli: Cli, tmp_path: Path) -> None:
    """Which there are, is told."""
    assert stage.path.exists()
    assert "ics" in cli("export").badly(2).err
    assert "ics" in cli("export", "--format", "xlsx").badly(2).err
    assert "ics" in cli("export", "-o", tmp_path / "dates.csv").badly(2).err


def test_a_terminal_gets_lines_and_nothing_that_acts(stage: Stage) -> None:
    """A feed on a terminal is for looking at."""
    stage.reach(State.ACTIVE)
    said = on_terminal("--db", stage.path, "export", "--format", "ics").well().out
    assert "BEGIN:VEVENT\n" in said
    assert "\\u000d" not in said
