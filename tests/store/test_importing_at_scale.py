"""Taking over as many rows as a world's list has: how long it takes, and that nothing is lost."""

import random
import time

import pytest

from lifecycle.intake.columns import Row, columns_of
from lifecycle.intake.intake import Intake, Table
from lifecycle.intake.legend import Legend
from lifecycle.intake.table import Places, take_over_table
from store.countries import TerritoryNames
from store.exonyms import CityNames
from tests import figures
from tests.stage import Stage

ROWS = 26_000
HEADER = ("home", "home_country", "partner", "country", "type", "signed", "status")
COUNTRIES = (*("Italy", "China", "Japan", "Poland", "Germany", "France", "Ukraine") * 5, "Itlay")
KINDS = (*("partnership", "friendship", "mou") * 10, "sister city")
DATES = (*("unknown", "1986", "1991-08", "2003-04-15", "12 May 2006") * 6, "03/04/1999")
"""One of each is a word that means nothing, or may mean two things."""

SYLLABLES = ("ba", "lo", "mi", "ra", "ten", "ki", "sul", "vor", "ne", "ga", "dro", "pe")


def name(draw: random.Random) -> str:
    """Return the name of a city that there is not."""
    return "".join(draw.choices(SYLLABLES, k=3)).capitalize()


def table(seed: int) -> Table:
    """Return rows of which some are wrong: countries, types, dates, repeated and alike ones."""
    draw, rows = random.Random(seed), []  # noqa: S311 - a test's own values
    for number in range(2, ROWS + 2):
        country = draw.choice(COUNTRIES)
        kind, signed = draw.choice(KINDS), draw.choice(DATES)
        cells = [name(draw), "Canada", name(draw), country, kind, signed, "active"]
        rows.append(Row(number, cells))
    return Table("pairs.csv", columns_of(HEADER), rows, len(rows), Legend())


@pytest.mark.reliability
@pytest.mark.timeout(600)
def test_world_of_rows_is_taken_over_with_a_reason_for_each_bad_one(stage: Stage) -> None:
    """Every row is taken, unchanged or refused with why; the second time nothing changes."""
    seed = figures.first_seed()
    one, places = table(seed), Places(TerritoryNames(), CityNames())

    def taken() -> tuple[Intake, float]:
        began = time.process_time()
        intake = stage.do(lambda unit, order: take_over_table(unit, order, one, places))
        return intake, time.process_time() - began

    began = time.monotonic()
    first, seconds = taken()
    again, seconds_again = taken()
    lasted = time.monotonic() - began
    assert first.rows == again.rows == ROWS
    assert all(row.problems for row in first.refused)
    assert (again.taken, len(again.unchanged)) == ([], len(first.taken))
    assert [row.row for row in again.refused] == [row.row for row in first.refused]
    assert stage.verify() == []
    figures.record(
        "Taking over a list of 26,000 rows",
        database=figures.version_of(stage.url),
        seed=seed,
        rounds=ROWS,
        of="rows",
        seconds=lasted,
        taken=len(first.taken),
        refused_each_with_its_reason=len(first.refused),
        processor_seconds_the_first_time=round(seconds, 1),
        processor_seconds_the_second_time_which_changed_nothing=round(seconds_again, 1),
    )


def test_rows_are_taken_over_alike_on_every_database(stage: Stage) -> None:
    """Taken, unchanged, refused, asked about: the database makes no difference."""
    rows = [
        Row(2, ["", "", "Kyiv", "Ukraine", "friendship", "1991", "active"]),
        Row(3, ["", "", "Kiev", "Ukraine", "mou", "unknown", "ended"]),
        Row(4, ["", "", "Lviv", "Ukraine", "mou", "unknown", "ended"]),
        Row(5, ["", "", "Lviv", "Ukraine", "mou", "2001", "active"]),
    ]
    one = Table("pairs.csv", columns_of(HEADER), rows, len(rows), Legend(partners={"kiev": "Kyiv"}))
    places = Places(TerritoryNames(), CityNames())
    first, again = (
        stage.do(lambda unit, order: take_over_table(unit, order, one, places)) for _ in range(2)
    )
    assert (len(first.taken), len(again.unchanged)) == (3, 3)
    assert [(row.row, row.problems[0].code) for row in first.refused] == [(5, "perhaps_repeated")]
    assert [(row.row, row.problems[0].code) for row in again.refused] == [(5, "perhaps_repeated")]
    assert stage.verify() == []
