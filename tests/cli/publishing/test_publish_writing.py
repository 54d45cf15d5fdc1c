"""Writing a site into its folder: whole or not at all, and nothing that is as it should be."""

import os
import resource
import threading
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from cli.publishing.claiming import claimed
from cli.publishing.manifest import manifest_in
from cli.publishing.place import target_of
from lifecycle.errors import StoreError
from states.canonical import sha256_hex
from states.problem import InvalidInputError
from tests import forked
from tests.cli.publishing.sites import (
    ABOUT,
    NEW,
    OLD,
    held,
    killed,
    modes,
    publish_named,
    put,
    traces,
)
from tests.conftest import seldom

FIRST = [20, 34, 36, 38]
STEPS = seldom([*FIRST, *(step for step in range(44) if step not in FIRST)], len(FIRST))
"""Before any page is written, and around the moment at which the folders are swapped; then all."""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return where a site is to be published, in a folder of its own; it is not there yet."""
    (tmp_path / "www").mkdir()
    return tmp_path / "www" / "register"


@pytest.fixture
def published(folder: Path) -> Path:
    """Return a folder in which the old site stands."""
    put(folder, OLD)
    return folder


@pytest.mark.parametrize("mode", ["755", "750"])
def test_a_site_is_written_whole_with_a_manifest_of_it(folder: Path, mode: str) -> None:
    """A folder that is missing, or empty, gets every file, and nothing is left beside it."""
    if mode == "750":
        folder.mkdir(mode=0o750)
    written = put(folder, OLD)
    assert (written.files, written.touched) == (4, True)
    assert held(folder) == OLD
    assert modes(folder) == {(True, "0o755"), (False, "0o644")}
    assert oct(folder.stat().st_mode)[-3:] == mode
    manifest = manifest_in(folder)
    assert manifest is not None
    assert manifest.files == {path: sha256_hex(body) for path, body in sorted(OLD.items())}
    assert [*folder.parent.iterdir()] == [folder]


def test_a_site_that_has_not_changed_is_not_touched(published: Path) -> None:
    """Not a byte, not a time, not an inode: a second run finds nothing to do."""
    before = traces(published)
    assert not put(published, OLD).touched
    assert traces(published) == before


def test_only_what_has_changed_is_written(published: Path) -> None:
    """Unchanged pages stay the same files, with their times; what is no longer made is dropped."""
    before = traces(published)
    written = put(published, NEW)
    assert held(published) == NEW
    after = traces(published)
    same = {path for path in NEW if NEW[path] == OLD.get(path)}
    assert {
        path for path in NEW if _file(after, published, path) == _file(before, published, path)
    } == same
    assert {str(fate): paths for fate, paths in written.fates.items() if paths} == {
        "new": ["reports/2026.html"],
        "changed": ["index.html"],
        "unchanged": ["agreements/TOR-2026-001.html", "fr/index.html"],
        "dropped": ["agreements/TOR-2026-002.html"],
    }


def _file(traced: dict[str, tuple[int, ...]], folder: Path, path: str) -> tuple[int, ...] | None:
    found = traced.get(str(folder / path))
    return found and found[:3]


def test_what_somebody_else_put_there_is_kept(published: Path, tmp_path: Path) -> None:
    """A CNAME, a hidden folder with its mode, a link and an empty folder go along."""
    (published / "CNAME").write_text("register.example.org")
    (published / ".git" / "refs").mkdir(parents=True)
    (published / ".git").chmod(0o700)
    (published / ".git" / "HEAD").write_text("ref: refs/heads/main")
    (published / "agreements" / "note.txt").write_text("mine")
    (published / "outside").symlink_to(tmp_path)
    put(published, NEW)
    put(published, OLD)
    assert (published / ".git" / "refs").is_dir()
    assert oct((published / ".git").stat().st_mode)[-3:] == "700"
    assert (published / "outside").readlink() == tmp_path
    mine = {"CNAME", ".git/HEAD", "agreements/note.txt"}
    assert held(published).keys() == OLD.keys() | mine


def test_a_page_changed_by_hand_is_made_again_and_told(published: Path) -> None:
    """So is one that is gone; neither is taken for a change of the register."""
    (published / "index.html").write_text("<p>by hand</p>")
    (published / "fr" / "index.html").unlink()
    written = put(published, OLD)
    assert held(published) == OLD
    told = {str(fate): paths for fate, paths in written.fates.items() if paths}
    assert (told["altered"], told["missing"]) == (["index.html"], ["fr/index.html"])


def test_a_dry_run_says_what_would_be_and_writes_nothing(published: Path) -> None:
    """Its answer is that of the run that follows."""
    before = traces(published.parent)
    rehearsed = put(published, NEW, dry_run=True)
    assert traces(published.parent) == before
    assert put(published, NEW) == rehearsed


NOT_OURS: dict[str, dict[str, Any]] = {
    "no manifest": {},
    "a manifest without an end": {},
    "another program": {"program": "OSL"},
    "another audience": {"audience": "internal"},
    "another database": {"log": ABOUT.log.__class__(name="lifecycle/TOR/ffff", entries=7)},
    "a later form": {"format": 2},
}


@pytest.mark.parametrize("name", NOT_OURS)
def test_a_folder_that_is_not_this_registers_is_never_touched(folder: Path, name: str) -> None:
    """Whatever is in it stays, and the error says why and what to do."""
    put(folder, OLD, **NOT_OURS[name])
    if name == "no manifest":
        (folder / "manifest.json").write_text('{"files": {"index.html": ""}}')
    if name == "a manifest without an end":
        (folder / "manifest.json").write_text('{"mine":' + "[" * 100_000)
    before = traces(folder.parent)
    for dry_run in (False, True):
        with pytest.raises(InvalidInputError) as raised:
            put(folder, NEW, dry_run=dry_run)
        [problem] = raised.value.problems
        assert problem.hint
        assert problem.key == "DIR"
    assert traces(folder.parent) == before


def test_a_file_of_somebody_elses_in_the_way_is_told_and_stays(published: Path) -> None:
    """Where the site has a new page, a file or a folder of another's is not written over."""
    before = traces(published)
    for mine, there in (("reports", "reports/2026.html"), ("new.html", "new.html")):
        (published / mine).write_text("mine")
        with pytest.raises(InvalidInputError, match="somebody else"):
            put(published, {**OLD, there: b"<p>made</p>"})
        (published / mine).unlink()
    (published / "new.html").mkdir()
    with pytest.raises(InvalidInputError, match="somebody else"):
        put(published, {**OLD, "new.html": b"<p>made</p>"})
    (published / "new.html").rmdir()
    assert held(published) == OLD
    assert traces(published).keys() == before.keys()


@pytest.mark.parametrize(
    "path", ["../out.html", "/out.html", "a//b", "a/./b", "x" * 256, "", "a\0"]
)
def test_a_path_that_leads_elsewhere_is_never_written(folder: Path, path: str) -> None:
    """That is a fault of whoever makes the site, and leaves nothing behind."""
    with pytest.raises(ValueError, match="no path of a site"):
        put(folder, {**OLD, path: b""})
    assert [*folder.parent.iterdir()] == []


def test_a_folder_in_use_is_not_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One is replaced as a whole: nobody may stand in it, nor the database, nor is home one."""
    (here := tmp_path / "here").mkdir()
    monkeypatch.chdir(here)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    database = tmp_path / "data" / "lifecycle.db"
    for name in (".", "..", "/", "/proc", tmp_path / "home", tmp_path / "data", "not/there", "a\0"):
        with pytest.raises(InvalidInputError):
            target_of(str(name), database)
    assert target_of("register", database) == here / "register"


def test_a_link_to_the_folder_is_followed_and_stays(published: Path, tmp_path: Path) -> None:
    """A web server's link to the folder shows the new site."""
    (link := tmp_path / "link").symlink_to(published)
    put(target_of(str(link), None), NEW)
    assert link.is_symlink()
    assert held(link) == NEW


def test_whoever_looks_meanwhile_finds_the_old_site_or_the_new_one(published: Path) -> None:
    """At no moment is there none: the folders are swapped in one step."""
    seen: set[bytes] = set()
    done = threading.Event()

    def look() -> None:
        while not done.is_set():
            seen.add((published / "index.html").read_bytes())

    watcher = threading.Thread(target=look)
    watcher.start()
    try:
        for turn in range(40):
            put(published, NEW if turn % 2 else OLD)
    finally:
        done.set()
        watcher.join()
    assert seen == {OLD["index.html"], NEW["index.html"]}


@pytest.mark.parametrize("way", ["exchange", "two renames"])
@pytest.mark.parametrize("step", STEPS)
def test_a_killed_run_leaves_a_whole_site_and_the_next_one_clears_up(
    published: Path, step: int, way: str
) -> None:
    """At whatever step: the old one, or the new one once they are swapped; nothing in between.

    Without the exchange there is one moment without any, which the next run mends.
    """
    (published / "CNAME").write_text("mine")
    mine = {"CNAME": b"mine"}
    killed(published, "new", step, without_exchange=way != "exchange")
    if way == "exchange" or published.exists():
        assert held(published) in (OLD | mine, NEW | mine)
    put(published, NEW)
    assert held(published) == NEW | mine
    assert [*published.parent.iterdir()] == [published]


def test_a_full_disk_leaves_the_old_site(published: Path) -> None:
    """What can't be written whole is not put in place, and what was written of it goes."""
    before = traces(published)
    prepare = partial(resource.setrlimit, resource.RLIMIT_FSIZE, (5, 5))
    start = forked.Start(prepare=prepare)
    code, _out, err = forked.ended(publish_named, str(published), "new", start=start)
    assert (code, b"can't be written" in err) == (1, True)
    assert held(published) == OLD
    assert traces(published).keys() == before.keys()


def test_two_at_once_the_second_is_told_who_is_there(published: Path) -> None:
    """It waits for nobody and changes nothing."""
    with claimed(published), pytest.raises(StoreError, match=f"process {os.getpid()}") as raised:
        put(published, NEW)
    assert raised.value.code == "busy"
    assert held(published) == OLD


def test_a_folder_beside_it_that_is_not_ours_is_not_touched(published: Path) -> None:
    """Even under the name that the next site would be built under."""
    (other := published.with_name(".register.lifecycle")).mkdir()
    (other / "site").mkdir()
    (other / "site" / "mine").write_text("mine")
    with pytest.raises(StoreError, match="has not made it"):
        put(published, NEW)
    assert (other / "site" / "mine").read_text() == "mine"


def test_where_files_can_not_be_linked_they_are_copied_with_their_times(
    published: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Some file systems know no second name for a file."""
    before = (published / "fr" / "index.html").stat().st_mtime_ns

    def link(*_: object, **__: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(os, "link", link)
    put(published, NEW)
    assert held(published) == NEW
    assert (published / "fr" / "index.html").stat().st_mtime_ns == before
