"""docs/register-data.md: every file and every column of the register's data."""

import re

from cli.publishing.tables import AGREEMENTS
from tests.builders import ROOT

PAGE = (ROOT / "docs" / "register-data.md").read_text(encoding="utf-8")
TABLE = re.compile(r"^### ([a-z]+)\.csv\n(.*?)(?=^##|\Z)", re.MULTILINE | re.DOTALL)
ROW = re.compile(r"^\| `([a-z_0-9]+)` \| ([a-z]+) \| ([^|]*) \|$", re.MULTILINE)


def test_page_has_every_table_and_every_column_as_the_data_package_does() -> None:
    """Their names, types and meanings, in their order."""
    assert [(name, ROW.findall(text)) for name, text in TABLE.findall(PAGE)] == [
        (table.name, [(one.name, one.type, one.meaning) for one in table.columns])
        for table in AGREEMENTS.all()
    ]
