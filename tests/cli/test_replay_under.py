"""`lifecycle log replay --policy`: what other rules would have said of past decisions."""

import csv
from datetime import timedelta
from pathlib import Path

import pytest
from openpyxl import load_workbook

from states.ref import Ref
from states.vocabulary import State, Trigger
from tests.builders import START
from tests.cli.conftest import Cli
from tests.conftest import Staging
from tests.stage import PATHS, Stage, policy_file, with_cap


@pytest.fixture
def stage(staged: Staging) -> Stage:
    """Return a program with one place, whose second agreement was refused it a week later."""
    city = staged(with_cap(1))
    refs = [city.along(PATHS[State.SIGNED]) for _ in range(2)]
    for week, ref in enumerate(refs):
        city.on(START + timedelta(weeks=week)).advance(ref, Trigger.ACTIVATE)
    return city


@pytest.fixture
def second() -> Ref:
    """Return the reference of the agreement that was refused."""
    return Ref("TOR", 2026, 2)


def test_decisions_that_the_2005_rules_would_have_taken_otherwise_are_told(
    cli: Cli, second: Ref
) -> None:
    """R54 and R60: a summary, then what differs, agreement by agreement; a question exits 0."""
    ran = cli("log", "replay", "--policy", "toronto-2005").well()
    head, *rest = ran.out.split("\n\n")
    assert " ".join(head.split()) == (
        "Of 8 decisions on TOR, judged again under toronto-2005, 1 refusal would have been"
        " admitted, 2 can't be judged, and 5 would have been judged the same."
    )
    assert [part.split()[0] for part in rest] == ["TOR-2026-001", "TOR-2026-002", "Each"]
    assert "activate by anna, refused: would have been admitted" in rest[1]
    assert "code:  cap_available:cap.full" in rest[1]
    assert max(map(len, ran.out.splitlines())) <= 80
    assert str(second) in rest[1]


def test_what_differs_comes_as_json_csv_and_xlsx_with_rule_and_report(
    cli: Cli, second: Ref, tmp_path: Path
) -> None:
    """Every reason with guard, code, field, message, what to do, rule and section."""
    file = tmp_path / "other.toml"
    file.write_bytes(policy_file({"cap": {"at_most": 2}, "vocabulary": {"roles": ["host"]}}))
    answer = ("log", "replay", "--policy", file, second)
    told = cli(*answer, json=True).well().json
    assert (told["policy"]["name"], told["of"], told["decisions"]) == (str(file), str(second), 4)
    assert (told["not_admitted"], told["admitted"], told["same"]) == (3, 1, 0)
    (unmet,) = told["listed"][0]["unmet"]
    assert (unmet["guard"], unmet["code"], unmet["field"], unmet["report"]) == (
        "document",
        "word.unknown",
        "role",
        "R54",
    )
    assert told["listed"][-1]["refused_for"][0]["code"] == "cap.full"
    rows = list(csv.DictReader(cli(*answer, "--format", "csv").well().out.splitlines()))
    assert [(row["trigger"], row["ruling"], row["code"]) for row in rows if row["code"]] == [
        ("submit", "not_admitted", "word.unknown"),
        ("accept", "not_admitted", "word.unknown"),
        ("sign", "not_admitted", "word.unknown"),
        ("activate", "admitted", "cap.full"),
        ("activate", "admitted", "publication.missing"),
    ]
    cli(*answer, "-o", tmp_path / "told.xlsx").well()
    sheet = load_workbook(tmp_path / "told.xlsx").active
    assert sheet is not None
    assert sheet.max_row == len(rows) + 1


def test_decisions_are_narrowed_down_by_step_and_day(cli: Cli, second: Ref) -> None:
    """`--all` lists those that stay as they are, too."""
    asked = ("log", "replay", "--policy", "toronto-2018", "--all", "--trigger", "activate")
    told = cli(*asked, json=True).well().json
    assert [(one["ref"], one["ruling"]) for one in told["listed"]] == [
        ("TOR-2026-001", "same"),
        (str(second), "admitted"),
    ]
    later = cli(*asked, "--since", START + timedelta(days=1), json=True).well().json
    assert [one["ref"] for one in later["listed"]] == [str(second)]
    sooner = cli(*asked, "--until", START).well().out
    assert sooner.startswith("Of 1 decision on TOR, judged again under toronto-2018, it would have")
    assert "judged the same" in sooner.splitlines()[-4]
    none = cli("log", "replay", "--policy", "toronto-2018", "--until", "2020-01-01").well()
    assert none.out == "Nothing was decided on TOR that toronto-2018 could judge.\n"


def test_types_that_the_policy_calls_otherwise_are_judged_as_one_of_its_own(cli: Cli) -> None:
    """R60: without that, a type that it does not know is the answer."""
    unknown = cli("log", "replay", "--policy", "toronto-2024").well().out
    assert "8 are of types unknown to it, and none would have been" in " ".join(unknown.split())
    assert "type unknown to this policy: partnership" in unknown
    known = ("log", "replay", "--policy", "toronto-2024", "--type")
    told = cli(*known, "partnership=partnership_city", json=True).well().json
    assert (told["type_unknown"], told["admitted"]) == (0, 1)
    for wrong in ("partnership", "partnership=twin"):
        assert wrong.partition("=")[2] in cli(*known, wrong).badly(2).err


@pytest.mark.parametrize(
    "line",
    [
        ["--all"],
        ["--trigger", "sign"],
        ["--policy", "toronto-1990"],
        ["--policy", "toronto-2005", "--trigger", "sing"],
        ["--policy", "toronto-2005", "--since", "2026-02-01", "--until", "2026-01-01"],
        ["--policy", "toronto-2005", "TOR-2020-001"],
    ],
)
def test_question_that_can_not_be_asked_is_bad_input(cli: Cli, line: list[str]) -> None:
    """What narrows down goes with a policy, which has to be there."""
    cli("log", "replay", *line).badly(2)
