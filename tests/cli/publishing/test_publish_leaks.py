"""Nothing that is not public reaches a file of the site: looked for by marks in every text."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.publishing.marking import lived, marks_in, others
from tests.cli.running import run
from tests.stage import Stage

PUBLIC = {
    "firsttitle",
    "firstdivision",
    "firstreporting",
    "firstrenewalguidelines",
    *(f"firstparties{n}{part}" for n in (0, 1) for part in ("name", "metro", "responsibilities")),
    *(f"firstprojects0{part}" for part in ("name", "division")),
    *(f"firstprojects0objectives0{part}" for part in ("objective", "activity")),
    *(f"firstprojects0objectives0indicators0{part}" for part in ("name", "unit")),
    *(f"firstprojects0resources{n}source" for n in (0, 1)),
    "firstmilestones0name",
    "firstobligations0what",
    "firstsignatures0office",
    "evaluationagreementfindings",
    "evaluationprojects0findings",
    "textannualgoals",
    "textannualsummary",
    "item",
    "openname",
    "openbody",
    "oldtitle",
    "olddivision",
    "oldreporting",
    "oldrenewalguidelines",
    "oldterminationguidelines",
    *(f"oldparties{n}{part}" for n in (0, 1) for part in ("name", "metro", "responsibilities")),
}
"""Where texts stand that anybody may read."""


def written(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Yield every file of a folder, and its own name as what is in it."""
    for path in folder.rglob("*"):
        name = path.relative_to(folder).as_posix()
        yield name, name.encode()
        if path.is_file():
            yield name, path.read_bytes()


@pytest.mark.sqlite
@pytest.mark.postgresql
def test_r28_r55_no_text_that_is_not_public_reaches_any_file(stage: Stage, tmp_path: Path) -> None:
    """Not in pages, data, tables, calendar, charts, names or manifest; and all that is public does.

    Owners, actors, contacts, those who signed, reasons, scores, notes, letters, waivers, drafts of
    a later term, undecided evaluations, proposals, what was voided or declined: none of it.
    """
    lived(stage)
    others(stage)
    folder = tmp_path / "site"
    run("--db", stage.url, "--today", stage.day, "publish", folder).well()
    found: dict[str, str] = {}
    for name, data in written(folder):
        found |= dict.fromkeys(marks_in(data), name)
    assert {where: name for where, name in found.items() if where not in PUBLIC} == {}
    assert PUBLIC - found.keys() == set()
