"""The list: every agreement's row in the order of references, narrowed and page by page."""

from pathlib import Path

import pytest

from states.ref import Ref
from states.vocabulary import State
from store.listing import Filters
from tests.builders import friendship
from tests.listed import listed
from tests.stage import Stage
from tests.store.raw import add_program, fails, unchanged


@pytest.fixture
def portfolio(stage: Stage) -> Stage:
    """Return a stage with five agreements of two types in four states."""
    stage.reach(State.ACTIVE)
    stage.propose()
    stage.propose(friendship())
    stage.reach(State.NEGOTIATION)
    stage.take_over()
    return stage


def refs(stage: Stage, **filters: object) -> list[str]:
    """Return the references that are listed."""
    wanted = Filters(**filters)  # type: ignore[arg-type] # by name
    _facts, rows = listed(stage.url, None, lambda _facts: wanted)
    return [row["ref"] for row in rows]


def test_list_is_in_the_order_of_references(portfolio: Stage) -> None:
    """And has every agreement of the program."""
    everything = refs(portfolio)
    assert everything == sorted(everything)
    assert len(everything) == 5
    _facts, rows = listed(portfolio.url)
    assert [row["ref"] for row in rows] == everything


def test_row_says_what_the_agreement_stands_at(portfolio: Stage) -> None:
    """Each key has the value of the current row, as JSON and a table can take it."""
    facts, rows = listed(portfolio.url, "TOR")
    assert (facts.code, facts.sandbox, facts.time_zone) == ("TOR", True, "America/Toronto")
    assert facts.stands_at == portfolio.day.isoformat()
    for row in rows:
        standing = portfolio.standing(Ref.parse(row.pop("ref")))
        assert row["taken_over"] is standing.taken_over
        for name, value in row.items():
            known = getattr(standing, name)
            assert value == (known.isoformat() if hasattr(known, "isoformat") else known)


@pytest.mark.parametrize(
    ("filters", "count"),
    [
        ({"states": ("active",)}, 2),
        ({"states": ("proposal", "active")}, 4),
        ({"states": ("nowhere",)}, 0),
        ({"types": ("friendship",)}, 1),
        ({"states": ("proposal",), "types": ("partnership",)}, 1),
        ({"most": 0}, 0),
        ({"most": 2}, 2),
    ],
)
def test_list_is_narrowed(portfolio: Stage, filters: dict[str, object], count: int) -> None:
    """By states, by types, by both, and to so many."""
    assert len(refs(portfolio, **filters)) == count


def test_pages_follow_one_another_without_gap_or_repetition(portfolio: Stage) -> None:
    """The next page begins after the key that the page before ended on."""
    pages, after = [], -1
    while page := refs(portfolio, after=after, most=2):
        pages.append(page)
        after = Ref.parse(page[-1]).key
    assert [len(page) for page in pages] == [2, 2, 1]
    assert sum(pages, []) == refs(portfolio)  # noqa: RUF017 - three pages


@pytest.mark.parametrize(
    "filters",
    [{"sort": ("state", "-ref")}, {"sort": ("-type",), "most": 3}, {"sort": ("due",), "after": 5}],
)
def test_order_is_the_same_in_batches(
    portfolio: Stage, monkeypatch: pytest.MonkeyPatch, filters: dict[str, object]
) -> None:
    """However few agreements are read at once."""
    at_once = refs(portfolio, **filters)
    monkeypatch.setattr("store.listing._BATCH", 2)
    assert refs(portfolio, **filters) == at_once
    assert len(at_once) > 2


def test_empty_program_has_an_empty_list(stage: Stage) -> None:
    """Its facts are told all the same."""
    facts, rows = listed(stage.url)
    assert (facts.code, rows) == ("TOR", [])


def test_list_is_of_the_program_that_is_named(portfolio: Stage) -> None:
    """Others in the same database don't show."""
    add_program(portfolio.url, "MTL")
    assert listed(portfolio.url, "MTL")[1] == []
    with fails("several_programs", portfolio.url):
        listed(portfolio.url)
    with fails("unknown_program", portfolio.url):
        listed(portfolio.url, "ROM")


def test_list_of_no_database_is_told(tmp_path: Path) -> None:
    """As by everything that opens one."""
    with fails("missing", tmp_path / "p.db"):
        listed(str(tmp_path / "p.db"))


def test_listing_changes_nothing(portfolio: Stage) -> None:
    """And goes on beside a writer."""
    with unchanged(portfolio), portfolio.store.unit():
        assert len(refs(portfolio)) == 5


def test_number_of_more_than_three_digits_is_written_out(stage: Stage) -> None:
    """References don't end at 999."""
    stage.propose()
    stage.tamper("PRAGMA foreign_keys=OFF", "UPDATE agreement SET key = 2026012345")
    assert refs(stage) == ["TOR-2026-12345"]
