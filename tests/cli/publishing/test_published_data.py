"""The data of a published site: each file as its schema says, all of them saying the same."""

import csv
import json
from pathlib import Path
from typing import Any

import frictionless
from icalendar import Calendar
from jsonschema import Draft202012Validator

from states.vocabulary import State
from tests.builders import complete_agreement
from tests.cli.publishing.marking import lived, others
from tests.cli.running import run
from tests.stage import Stage


def valid(file: Path) -> dict[str, Any]:
    """Return a document, held against the schema that it names; its page is there."""
    document: dict[str, Any] = json.loads(file.read_bytes())
    schema = json.loads((file.parent / document["$schema"]).read_bytes())
    Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER).validate(
        document
    )
    assert (file.parent / document["page"]).is_file()
    return document


def test_r55_data_of_a_published_site_is_valid_and_says_the_same_everywhere(
    stage: Stage, tmp_path: Path
) -> None:
    """JSON, tables and calendar have the same agreements with the same dates; files are there."""
    lived(stage)
    others(stage)
    stage.reach(State.SIGNED, complete_agreement(title='=HYPERLINK("//evil.example")'))
    site = tmp_path / "site"
    run("--db", stage.path, "--today", stage.day, "publish", site).well()
    agreements = [valid(file) for file in sorted(site.glob("agreements/*.json"))]
    program = valid(site / "program.json")
    assert len(agreements) == 4
    assert {one["ref"] for one in program["decisions"]} <= {one["ref"] for one in agreements}
    report = frictionless.validate(str(site / "data" / "datapackage.json"))
    assert report.valid, report.flatten()
    with (site / "data" / "agreements.csv").open(encoding="utf-8", newline="") as file:
        rows = {row["ref"]: row for row in csv.DictReader(file)}
    assert {ref: row["state"] for ref, row in rows.items()} == {
        one["ref"]: one["state"] for one in agreements
    }
    calendar = Calendar.from_ical((site / "calendar.ics").read_bytes())
    assert sorted(str(event["UID"]) for event in calendar.events) == sorted(
        told["uid"] for one in agreements for told in one["dates"]
    )
    for told in (told for one in agreements for told in one["files"]):
        assert (site / told["path"]).stat().st_size == told["size"]
