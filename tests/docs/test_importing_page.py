"""docs/importing.md: every column and every option of `import`, and files that are as it says."""

import re
from pathlib import Path

import pytest

from cli.commands.import_ import command
from lifecycle.intake.fields import FIELDS
from tests.builders import ROOT
from tests.cli.running import run
from tests.stage import Stage

PAGE = (ROOT / "docs" / "importing.md").read_text(encoding="utf-8")
HEADING = "partner,country,type,signed,status\n"
OPTION = re.compile(r"`(--(?:types|states|countries|partner|dates) [^`]+)`")
ROW = re.compile(r"^\| `([a-z_]+)` \| ([^|]*) \| ([^|]*) \| (yes|no) \|$", re.MULTILINE)


def test_page_has_every_column_as_the_template_explains_it() -> None:
    """What it says, its other headings, and whether it is needed."""
    told = {name: (says, others, needed) for name, says, others, needed in ROW.findall(PAGE)}
    assert told == {
        one.name: (
            one.says,
            ", ".join(f"`{heading}`" for heading in one.headings if heading != one.name),
            "yes" if one.needed else "no",
        )
        for one in FIELDS.values()
    }


def test_page_shows_every_option() -> None:
    """Those of `import`; the ones of all writing commands are explained elsewhere."""
    shared = {"--expect-version", "--idempotency-key", "--yes", "-m", "--reason"}
    own = {opt for param in command.params for opt in param.opts if opt.startswith("--")}
    everywhere = {"--db", "--program", "--json", "--as", "--today"}
    missing = {opt for opt in own - shared - everywhere if f"{opt}" not in PAGE}
    assert missing == set()


@pytest.mark.parametrize("option", OPTION.findall(PAGE))
def test_options_of_the_page_are_taken_as_they_stand(
    stage: Stage, tmp_path: Path, option: str
) -> None:
    """What is shown can be typed."""
    name, value = option.replace('"', "").split(" ", 1)
    file = tmp_path / "a.csv"
    file.write_text(f"{HEADING}Rome,IT,mou,1999,active\n")
    everywhere = ("--db", stage.path, "--as", "anna", "--today", stage.day)
    run(*everywhere, "import", file, name, value, "--dry-run").well()
