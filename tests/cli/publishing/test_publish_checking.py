"""Checking a published folder: what differs from what would be published now, and nothing else."""

from dataclasses import asdict
from datetime import date
from pathlib import Path

import msgspec
import pytest

from cli.publishing.checking import Checked, check
from cli.publishing.manifest import Log
from states.problem import InvalidInputError
from tests.cli.publishing.sites import ABOUT, NEW, OLD, put, traces

LATER = {"day": date(2027, 1, 9), "log": Log(name=ABOUT.log.name, entries=12)}


@pytest.fixture
def published(tmp_path: Path) -> Path:
    """Return a folder in which the old site stands."""
    put(tmp_path / "register", OLD)
    return tmp_path / "register"


def checked(folder: Path, site: dict[str, bytes], **about: object) -> Checked:
    """Check a folder against a site; it is not touched by that."""
    before = traces(folder.parent)
    found = check(folder, site.items(), msgspec.structs.replace(ABOUT, **about))
    assert traces(folder.parent) == before
    return found


def lists(found: Checked) -> dict[str, list[str]]:
    """Return what was found, by kind, but for what nothing was found of."""
    every = asdict(found)
    return {name: paths for name, paths in every.items() if paths and isinstance(paths, list)}


def test_a_site_that_is_as_it_should_be_has_no_findings(published: Path) -> None:
    """Files that somebody else put there are no concern of the check."""
    (published / "CNAME").write_text("mine")
    found = checked(published, OLD)
    assert (found.clean, lists(found)) == (True, {})


def test_each_file_that_differs_is_named_under_what_is_wrong_with_it(published: Path) -> None:
    """Out of date, missing, changed by hand and no longer part are four things."""
    (published / "fr" / "index.html").write_text("by hand")
    (published / "agreements" / "TOR-2026-001.html").unlink()
    found = checked(published, NEW)
    assert not found.clean
    assert lists(found) == {
        "out_of_date": ["index.html"],
        "missing": ["agreements/TOR-2026-001.html", "reports/2026.html"],
        "altered": ["fr/index.html"],
        "no_longer_part": ["agreements/TOR-2026-002.html"],
        "behind": ["manifest.json"],
    }


def test_that_the_log_went_on_is_told_and_no_finding(published: Path) -> None:
    """A checkpoint and a manifest of last week still say what is true of last week."""
    site = {**OLD, "checkpoint.html": b"7", "fr/checkpoint.html": b"7", "checkpoint.txt": b"7"}
    put(published, site)
    later = {path: body.replace(b"7", b"12") for path, body in site.items()}
    found = checked(published, later, **LATER)
    assert (found.clean, found.then.day) == (True, ABOUT.day)
    assert sorted(found.behind) == [
        "checkpoint.html",
        "checkpoint.txt",
        "fr/checkpoint.html",
        "manifest.json",
    ]
    (published / "checkpoint.txt").write_bytes(b"8")
    assert checked(published, later, **LATER).altered == ["checkpoint.txt"]


def test_a_folder_in_which_nothing_was_published_can_not_be_checked(tmp_path: Path) -> None:
    """Missing, empty, or of something else: that is wrong input, and no finding."""
    (tmp_path / "empty").mkdir()
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "index.html").write_text("mine")
    for name in ("missing", "empty", "other"):
        with pytest.raises(InvalidInputError):
            check(tmp_path / name, OLD.items(), ABOUT)
