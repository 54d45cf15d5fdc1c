"""The figures of docs/reliability.md: written by the campaigns, put on the page, never by hand."""

import json
from pathlib import Path

import pytest

from tests import figures, figures_page
from tests.figures_page import BEGIN, END

NEEDED = {"campaign", "database", "date", "commit", "dirty", "seed", "machine", "load_average"}


def campaign(seed: int | None = 7) -> None:
    """Run a campaign of three rounds, of which two went one way."""
    how = {"database": "SQLite 3.50.1", "seed": seed, "rounds": 3}
    with figures.measured("Three rounds", **how, of="nights") as counts:  # type: ignore[arg-type]
        counts["came_whole"] += 2


def test_campaign_writes_nothing_unless_it_was_asked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An ordinary run leaves the tree as it is."""
    monkeypatch.delenv(figures.FOLDER, raising=False)
    monkeypatch.setattr(figures, "ROOT", tmp_path)
    campaign()
    assert list(tmp_path.iterdir()) == []


def test_campaign_that_held_writes_what_its_figures_rest_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One file a campaign and database, with commit, seed and machine; the page shows it."""
    monkeypatch.setenv(figures.FOLDER, str(tmp_path))
    campaign()
    [file] = tmp_path.iterdir()
    assert file.name == "three-rounds.sqlite.json"
    told = json.loads(file.read_text())
    assert set(told) >= NEEDED
    assert set(told["machine"]) == {"cpu", "cores", "memory_gb", "kernel", "python"}
    assert (told["rounds"], told["of"], told["counts"]) == (3, "nights", {"came_whole": 2})
    page = figures_page.page(f"By hand.\n{BEGIN}\nold\n{END}\nMore.", [told])
    assert page.startswith("By hand.\n")
    assert page.endswith("\nMore.")
    assert "| Three rounds | SQLite 3.50.1 | 3 nights | 0.0 | came whole: 2 |" in page
    assert told["commit"][:9] in page
    assert "old" not in page


def test_campaign_that_did_not_hold_writes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is on the page has held; what failed is a red test."""
    monkeypatch.setenv(figures.FOLDER, str(tmp_path))
    how = {"database": "SQLite 3.50.1", "seed": None, "rounds": 3}
    with pytest.raises(AssertionError), figures.measured("One", **how):  # type: ignore[arg-type]
        raise AssertionError
    assert list(tmp_path.iterdir()) == []
