"""The register as tables: the same values as its JSON, in a Data Package that others validate."""

import csv
import io
import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import frictionless
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cli.publishing.data import agreement_json
from cli.publishing.package import Package
from lifecycle.publishing.public_agreement import PublicAgreement
from store.tabular.guarding import unguarded
from tests.cli.publishing.publics import HOSTILE, any_of, full
from tests.cli.test_cells import acts

Row = dict[str, Any]
NAMED = {"agreements": ("ref", "ref"), "projects": ("id", "project")}


def files_of(*publics: PublicAgreement) -> dict[str, bytes]:
    """Return the files of a package of these agreements."""
    package = Package("TOR", "City of Toronto")
    for public in publics:
        package.add(public)
    return dict(package.files())


def tables_of(files: dict[str, bytes]) -> dict[str, list[Row]]:
    """Return the rows of each table, as Python's own reader has them."""
    return {
        Path(path).stem: list(csv.DictReader(io.StringIO(data.decode(), newline=""), strict=True))
        for path, data in files.items()
        if path.endswith(".csv")
    }


def flat(name: str, values: list[Row], tables: set[str], outer: Row) -> Iterator[tuple[str, Row]]:
    """Yield what JSON says as rows of tables."""
    naming, called = NAMED.get(name, ("number", f"{name.removesuffix('s')}_number"))
    for number, value in enumerate(values, 1):
        named = {"number": number} | value
        yield name, outer | named
        for part in tables & value.keys():
            yield from flat(part, value[part], tables, outer | {called: named[naming]})


def says(cell: str, value: Any) -> bool:  # noqa: ANN401 - JSON of any kind
    """Whether a cell says what JSON says."""
    match value:
        case None | []:
            return cell == ""
        case bool():
            return cell == str(value).lower()
        case list():
            return bool(json.loads(cell) == value)
        case _:
            return unguarded(cell) == str(value)


@given(st.lists(any_of(PublicAgreement), max_size=2))
def test_tables_say_what_json_says_and_no_cell_acts(publics: list[PublicAgreement]) -> None:
    """Each value of each agreement, in its order, whatever people wrote; and nothing else."""
    tables = tables_of(files_of(*publics))
    documents = [json.loads(agreement_json(public)) for public in publics]
    found: dict[str, list[Row]] = {name: [] for name in tables}
    for name, row in flat("agreements", documents, set(tables), {}):
        found[name].append(row)
    for name, rows in tables.items():
        assert len(rows) == len(found[name])
        for row, told in zip(rows, found[name], strict=True):
            assert all(says(cell, told[column]) for column, cell in row.items())
            assert not any(map(acts, row.values()))


def test_everything_that_json_says_is_in_some_table() -> None:
    """No key of a document is without its table or its column."""
    tables = tables_of(files_of(full("Trade")))
    [document] = [json.loads(agreement_json(full("Trade")))]
    rows = flat("agreements", [document], set(tables), {})
    links = {"$schema", "page"}
    for name, row in rows:
        [there] = tables[name]
        assert row.keys() - set(tables) - links <= there.keys() | {"number"}
    assert all(tables.values())


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return where a package of hostile texts lies."""
    root = tmp_path_factory.mktemp("package")
    publics = (full(text, f"TOR-2026-{at:03}") for at, text in enumerate(HOSTILE, 1))
    for path, data in files_of(*publics).items():
        (root / path).parent.mkdir(exist_ok=True)
        (root / path).write_bytes(data)
    return root / "data"


def problems(folder: Path) -> set[tuple[str, str]]:
    """Return what an independent program finds: in which table, of which kind."""
    report = frictionless.validate(str(folder / "datapackage.json"))
    assert not report.errors
    return {(task.name, error.type) for task in report.tasks for error in task.errors}


def test_package_is_valid_whatever_people_wrote(folder: Path) -> None:
    """Types, keys and references of every row, sizes and sums, as frictionless sees it."""
    assert problems(folder) == set()


def test_package_is_found_wrong_where_a_table_was_changed(folder: Path, tmp_path: Path) -> None:
    """A day that is none, a row twice, a row of an agreement that isn't there: each is told."""
    shutil.copytree(folder, tmp_path / "data")
    for name, old, new in (
        ("history", b"2026-11-02", b"2026-13-02"),
        ("parties", b"TOR-2026-002", b"TOR-2026-001"),
        ("terms", b"TOR-2026-001", b"TOR-2025-001"),
    ):
        file = tmp_path / "data" / f"{name}.csv"
        file.write_bytes(file.read_bytes().replace(old, new, 1))
    assert problems(tmp_path / "data") == {
        ("history", "type-error"),
        ("history", "hash-count"),
        ("parties", "primary-key"),
        ("parties", "hash-count"),
        ("terms", "foreign-key"),
        ("terms", "hash-count"),
    }
