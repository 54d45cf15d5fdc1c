"""The clock is held to what is recorded, and zones to what two sources say of them."""

import zoneinfo
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from importlib.resources import files
from pathlib import Path

import pytest

from states.vocabulary import State
from store.checks import Check, checks, zones
from tests.conftest import Staging
from tests.stage import Stage

pytestmark = pytest.mark.sqlite

NOON = datetime(2026, 9, 1, 12, tzinfo=UTC)
"""When the stage's program is made; what is done on it follows in the afternoon."""

PROBE, TORONTO = "America/Asuncion", "America/Toronto"


def clock(stage: Stage, now: datetime) -> Check:
    """Return what is said of the clock."""
    (found,) = [c for c in checks(str(stage.path), deep=False, now=now) if c.name == "clock"]
    return found


@pytest.mark.parametrize(
    ("later", "status"),
    [
        (timedelta(hours=-1), "finding"),
        (timedelta(minutes=-1), "ok"),
        (timedelta(days=30), "ok"),
        (timedelta(days=500), "finding"),
    ],
)
def test_clock_lies_after_the_last_entry_and_not_long_after(
    staged: Staging, later: timedelta, status: str
) -> None:
    """It went backwards, or stands far in the future; either is told with the way to set it."""
    stage = staged(sandbox=False)
    found = clock(stage, NOON + later)
    assert (found.status, "2026-09-01 12:00" in found.message) == (status, True)
    assert status == "ok" or "timedatectl" in str(found.fix)


def test_last_entry_is_the_last_of_all_streams(staged: Staging) -> None:
    """An agreement's counts as the program's own does."""
    stage = staged(sandbox=False).with_people()
    stage.reach(State.DECISION)
    assert clock(stage, NOON + timedelta(hours=2)).status == "finding"
    assert clock(stage, NOON + timedelta(hours=4)).status == "ok"


def test_sandbox_is_not_compared(stage: Stage) -> None:
    """It stands at a day of its own, and that is said."""
    found = clock(stage, NOON - timedelta(days=3000))
    assert (found.status, "sandbox" in found.message) == ("note", True)


def test_line_that_can_not_be_read_is_found(staged: Staging) -> None:
    """Told with who looks deeper."""
    stage = staged(sandbox=False)
    stage.tamper("DROP TRIGGER entry_no_update", "UPDATE entry SET line = 'x'")
    found = clock(stage, NOON)
    assert (found.status, "db check" in str(found.fix)) == ("finding", True)


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator["Machine"]:
    """Return what gives the machine zone data: a zone, as which other one, of which release."""
    folder = tmp_path / "zoneinfo"
    (folder / "America").mkdir(parents=True)
    monkeypatch.setattr(zoneinfo, "TZPATH", (str(folder),))

    def give(zone: str, as_zone: str, release: str) -> None:
        data = (files("tzdata") / "zoneinfo" / as_zone).read_bytes()
        (folder / zone).write_bytes(data)
        (folder / "tzdata.zi").write_text(f"# version {release}\n# rest\n")
        zoneinfo.reset_tzpath([folder])

    yield give
    monkeypatch.undo()
    zoneinfo.reset_tzpath()


def of_zones(now: datetime) -> Check:
    """Return what is said of the zone data."""
    (found,) = zones.data(now)
    return found


Machine = Callable[[str, str, str], None]


def test_zone_data_that_do_not_know_a_law_of_2024_are_found(machine: Machine) -> None:
    """Whatever release they claim to be: the machine's win over the package's."""
    machine(PROBE, "Etc/GMT+4", "2026a")
    found = of_zones(NOON)
    assert (found.status, "2026a" in found.message) == ("finding", True)
    assert "PYTHONTZPATH" in str(found.fix)


@pytest.mark.parametrize(
    ("release", "status"), [("2023d", "finding"), ("2025b", "note"), ("9999z", "ok"), ("", "note")]
)
def test_zone_data_are_judged_by_their_release(machine: Machine, release: str, status: str) -> None:
    """Old ones are found; that the package's are newer, or that none can be told, is noted."""
    machine(PROBE, PROBE, release)
    assert of_zones(NOON).status == status


def test_package_serves_where_the_machine_has_none(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is named, with its release; without either there is nothing to count days by."""
    machine("America/Other", PROBE, "2025b")
    found = of_zones(NOON)
    assert (found.status, "the package tzdata's" in found.message) == ("ok", True)
    monkeypatch.setattr(zones, "package_release", lambda: None)
    assert "pip install" in str(of_zones(NOON).fix)


def test_zone_of_a_program_on_which_machine_and_package_disagree_is_found(
    stage: Stage, machine: Machine
) -> None:
    """From the first day on which days would be counted otherwise; else nothing is said."""

    def said() -> list[str]:
        some = checks(str(stage.path), deep=False, now=NOON)
        return [c.message for c in some if c.name == "time zone" and not c.ok]

    machine(TORONTO, TORONTO, "2025b")
    assert said() == []
    machine(TORONTO, "Etc/GMT+5", "2025b")
    (message,) = said()
    assert f"disagree on {TORONTO} from 2026-03-08" in message
