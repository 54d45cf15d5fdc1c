"""`lifecycle partner`: who the partners are, everything about one, and other names for them."""

import csv
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from openpyxl import load_workbook

from states.agreement import Agreement, Obligation, Party
from states.records import Record
from states.ref import Ref
from states.vocabulary import Event, State
from tests.builders import (
    complete_agreement,
    complete_objective,
    complete_project,
    home_party,
    partner_party,
)
from tests.cli.conftest import Cli
from tests.cli.running import on_terminal
from tests.stage import Stage

BOARD = Party("home", "Board of Trade", "industry_organisation", "CA", why="audience")
THEIRS = complete_project(
    name="Fair", id="fair", objectives=(complete_objective(responsible="Board of Trade"),)
)


def with_partner(name: str, country: str = "UA", *others: Party, **more: object) -> Agreement:
    """Return a complete agreement with a partner and other parties."""
    own = partner_party(name=name, country=country)
    return complete_agreement(**{"parties": (home_party(), own, *others), **more})


def named(cli: Cli, *line: object) -> list[str]:
    """Return the names of the partners that a list tells."""
    return [one["name"] for one in cli("partner", "list", *line, json=True).well().json]


def test_r2_r3_partner_list_tells_both_sides_with_kind_metro_and_why(
    stage: Stage, cli: Cli
) -> None:
    """Every party of every agreement, with the agreements that it is party to."""
    school = partner_party(
        name="Kyiv School", kind="academic_institution", country="UA", metro="Kyiv", why="audience"
    )
    ref = stage.propose(with_partner("Kyiv", "UA", school, aliases=("Kiev",)))
    found = {one["name"]: one for one in cli("partner", json=True).well().json}
    assert list(found) == ["City of Toronto", "Kyiv", "Kyiv School"]
    assert found["Kyiv School"] | {"agreements": []} == {
        "name": "Kyiv School",
        "country": "UA",
        "aliases": [],
        "sides": ["partner"],
        "kinds": ["academic_institution"],
        "metros": ["Kyiv"],
        "why": ["audience"],
        "alternative": True,
        "since": None,
        "active": 0,
        "agreements": [],
        "engages": [],
    }
    assert (found["Kyiv"]["aliases"], found["Kyiv"]["engages"]) == (["Kiev"], ["Kyiv School"])
    (tie,) = found["Kyiv"]["agreements"]
    assert (tie["ref"], tie["state"], tie["role"]) == (str(ref), "proposal", "catalyst")


def test_r24_partner_list_is_narrowed(stage: Stage, cli: Cli) -> None:
    """By side, kind, country by name or code, alternative, and words of a name or an alias."""
    stage.propose(with_partner("Kyiv", "UA", BOARD, aliases=("Kiev",)))
    stage.propose(with_partner("Chongqing", "CN"))
    assert named(cli, "--side", "home") == ["Board of Trade", "City of Toronto"]
    assert named(cli, "--alternative") == ["Board of Trade"]
    assert named(cli, "--kind", "city", "--country", "China") == ["Chongqing"]
    assert named(cli, "KIEV") == ["Kyiv"]
    assert named(cli, "odesa") == []
    assert "There is no such partner." in cli("partner", "list", "odesa").well().out
    cli("partner", "list", "--country", "Nowhere").badly(2)


def test_an_empty_registry_says_so(cli: Cli) -> None:
    """Nothing there is not silence."""
    assert cli("partner").well().out == "There is no partner yet.\n"


def test_partner_list_has_every_form(stage: Stage, cli: Cli, tmp_path: Path) -> None:
    """A row a partner, its agreements by reference; what fits 80 columns is a table."""
    refs = [str(stage.propose(with_partner("São Paulo | =1+1", "BR"))) for _ in range(2)]
    for ending in ("csv", "md", "xlsx"):
        cli("partner", "list", "paulo", "-o", tmp_path / f"p.{ending}").well()
    (row,) = csv.DictReader((tmp_path / "p.csv").read_text().splitlines())
    assert (row["name"], row["agreements"]) == ("São Paulo | =1+1", ", ".join(refs))
    assert "São Paulo \\| =1\\+1" in (tmp_path / "p.md").read_text()
    (sheet,) = load_workbook(tmp_path / "p.xlsx").worksheets
    assert sheet.cell(2, 1).value == "São Paulo | =1+1"
    assert max(map(len, cli("partner").well().out.splitlines())) <= 80


@pytest.fixture
def kyiv(stage: Stage) -> Ref:
    """Return an active agreement with Kyiv, with obligations, two divisions' work and letters."""
    ours = complete_project(division="Culture")
    owed = Obligation("space", "partner", "Office space.", date(2027, 2, 1))
    agreement = with_partner("Kyiv", "UA", BOARD, projects=(ours, THEIRS), obligations=(owed,))
    ref = stage.reach(State.ACTIVE, replace(agreement, division="Trade", milestones=()))
    stage.on(date(2027, 3, 1))
    day, value = stage.day, Decimal(900)
    measured = Record("actual", day, project="fair", item="businesses reached", value=Decimal(12))
    for fact in (
        replace(measured, source="List"),
        Record("activity", day, "The Board of Trade opened the fair.", project="fair"),
        Record("expenditure", day, project="trade-mission", value=value, currency="CAD", year=2027),
        Record("correspondence", day, "A letter.", direction="received"),
    ):
        stage.record(ref, fact)
    return ref


def test_r35_partner_show_groups_every_divisions_work_with_one_partner(
    kyiv: Ref, stage: Stage, cli: Cli
) -> None:
    """Projects and records of two agreements, by division and year."""
    other = stage.propose(with_partner("KYIV", division="Parks", projects=(), milestones=()))
    stage.record(other, Record("activity", stage.day, "A visit to the gardens.", year=2026))
    shown = cli("partner", "show", "kyiv", json=True).well().json
    work = {
        one["division"]: [(row["year"], row["ref"], row["kind"]) for row in one["work"]]
        for one in shown["divisions"]
    }
    assert work == {
        "Culture": [(2027, str(kyiv), "project"), (2027, str(kyiv), "expenditure")],
        "Parks": [(2026, str(other), "activity")],
        "Trade": [
            (2027, str(kyiv), "project"),
            (2027, str(kyiv), "actual"),
            (2027, str(kyiv), "activity"),
        ],
    }
    assert shown["divisions"][0]["work"][1]["amount"] == "900"
    page = cli("partner", "show", "Kyiv").well().out
    for text in (
        "Work: Culture",
        "900 CAD",
        "Work: Parks",
        "A visit to the gardens.",
        "Work: Trade",
    ):
        assert text in page
    assert max(map(len, page.splitlines())) <= 80


def test_r36_partner_show_tells_what_alternative_partners_did(kyiv: Ref, cli: Cli) -> None:
    """On the city's page and on their own: results they answer for, records that name them."""
    (board,) = cli("partner", "show", "Kyiv", json=True).well().json["alternative_partners"]
    (objective,) = board["objectives"]
    (indicator,) = objective["indicators"]
    assert (board["name"], board["refs"], board["why"]) == (
        "Board of Trade",
        [str(kyiv)],
        "audience",
    )
    assert (indicator["actual"], indicator["target"], indicator["source"]) == ("12", "40", "List")
    assert [one["text"] for one in board["records"]] == ["The Board of Trade opened the fair."]
    own = cli("partner", "show", "board", json=True).well().json["results"]
    assert own["objectives"] == board["objectives"]
    page = " ".join(cli("partner", "show", "board").well().out.split())
    assert "businesses reached: 12 of target 40 on 2027-03-01" in page


def test_r45_partner_show_has_the_ledger_and_the_last_letters(kyiv: Ref, cli: Cli) -> None:
    """What each side owed under each agreement, and when either side last wrote."""
    shown = cli("partner", "show", "Kyiv", json=True).well().json
    (owed,) = shown["obligations"]
    assert (owed["ref"], owed["id"], owed["status"]) == (str(kyiv), "space", "overdue")
    assert shown["correspondence"]["sent"] is None
    assert shown["correspondence"]["received"]["ref"] == str(kyiv)
    page = cli("partner", "show", "Kyiv").well().out
    assert "overdue since 2027-02-01" in page
    assert "last received on 2027-03-01" in page


def test_partner_show_has_every_form(kyiv: Ref, cli: Cli, tmp_path: Path) -> None:
    """A sheet a table, and the same as Markdown."""
    for ending in ("md", "xlsx"):
        cli("partner", "show", "Kyiv", "-o", tmp_path / f"p.{ending}").well()
    text = (tmp_path / "p.md").read_text()
    assert text.startswith("# Kyiv \\(UA\\)\n")
    assert text.count("\n## ") == 5
    assert str(kyiv) in text
    sheets = load_workbook(tmp_path / "p.xlsx").sheetnames
    assert sheets[:3] == ["Agreements", "Obligations", "Work by division"]


def test_a_name_that_means_nobody_or_several_is_told_with_the_possibilities(
    stage: Stage, cli: Cli
) -> None:
    """Close names, and how to say which."""
    for name, country in (("Birmingham", "GB"), ("Birmingham", "US"), ("Frankfurt", "DE")):
        stage.propose(with_partner(name, country))
    (error,) = cli("partner", "show", "Frankfort", json=True).badly(2).errors
    assert (error["code"], error["allowed"]) == ("unknown_partner", ["Frankfurt (DE)"])
    (error,) = cli("partner", "show", "Birmingham", json=True).badly(2).errors
    assert error["code"] == "ambiguous_partner"
    assert error["allowed"] == ["Birmingham (GB)", "Birmingham (US)"]
    shown = cli("partner", "show", "Birmingham", "--country", "us", json=True).well().json
    assert shown["country"] == "US"
    assert (
        "Which partner is meant?"
        in on_terminal("--db", stage.path, "partner", "show", "Birmingham", typed=["2"]).well().out
    )


def test_an_alias_goes_into_all_open_agreements_of_the_partner_at_once(
    stage: Stage, cli: Cli
) -> None:
    """A receipt each; agreed content stays, the entry is an edit, and it is found from then on."""
    over = stage.reach(State.DECLINED, with_partner("Kyiv"))
    signed, drafted = (
        stage.reach(State.SIGNED, with_partner("Kyiv")),
        stage.propose(with_partner("KYIV")),
    )
    agreed = stage.standing(signed).agreed
    receipts = cli("partner", "alias", "Kyiv", "Kiev", "-m", "Older lists.", json=True).well().json
    assert [(one["ref"], one["event"], one["outcome"]) for one in receipts] == [
        (str(signed), "edited", "ok"),
        (str(drafted), "edited", "ok"),
    ]
    assert stage.last(signed).event is Event.EDITED
    assert stage.standing(signed).agreed == agreed
    assert stage.document(over).aliases == ()
    assert cli("partner", "show", "kiev", json=True).well().json["name"] == "Kyiv"
    assert len(cli("partner", "show", "kiev", json=True).json["agreements"]) == 3
    (error,) = cli("partner", "alias", "Kyi", "Kief", json=True).badly(2).errors
    assert (error["code"], error["allowed"]) == ("ambiguous_partner", ["Kyiv (UA)"])
    again = cli("partner", "alias", "Kyiv", "KIEV", json=True).well().json
    assert {one["outcome"] for one in again} == {"unchanged"}
    assert stage.verify() == []


def test_an_alias_is_taken_away_again(stage: Stage, cli: Cli) -> None:
    """One that is none is told, and nothing is changed."""
    ref = stage.propose(with_partner("Kyiv", aliases=("Kiev", "Kiew")))
    dry = cli("partner", "alias", "Kyiv", "kiev", "--remove", "--dry-run").well()
    assert "Kiev" in dry.out
    assert stage.document(ref).aliases == ("Kiev", "Kiew")
    cli("partner", "alias", "Kyiv", "kiev", "--remove").well()
    assert stage.document(ref).aliases == ("Kiew",)
    told = cli("partner", "alias", "Kyiv", "Kief", "--remove").well()
    assert "Kief is no alias of Kyiv: Kiew." in told.err
    assert "unchanged" in told.out


def test_another_partners_name_is_no_alias_unless_the_two_are_one(stage: Stage, cli: Cli) -> None:
    """Refused with what to do; with --same the registry has one partner where it had two."""
    main = stage.propose(with_partner("Frankfurt am Main", "DE"))
    stage.propose(with_partner("Frankfurt", "DE"))
    page = " ".join(cli("partner", "show", "frankfurt am main").well().out.split())
    assert 'lifecycle partner alias "Frankfurt am Main" "Frankfurt" --same' in page
    line = ["partner", "alias", "Frankfurt am Main", "Frankfurt"]
    (error,) = cli(*line, json=True).badly(2).errors
    assert (error["code"], error["key"]) == ("alias_taken", "ALIAS")
    assert "--same" in error["hint"]
    assert stage.document(main).aliases == ()
    cli(*line, "--same").well()
    assert named(cli, "frankfurt") == ["Frankfurt am Main"]
    assert cli("partner", "show", "Frankfurt", json=True).well().json["akin"] == []


@pytest.mark.parametrize(("answer", "code"), [("y", 0), ("n", 2)])
def test_on_a_terminal_it_is_asked_whether_two_partners_are_one(
    stage: Stage, answer: str, code: int
) -> None:
    """A no changes nothing, and nothing is merged without a word."""
    ref = stage.propose(with_partner("Kyiv"))
    stage.propose(with_partner("Kiev"))
    ran = on_terminal("--db", stage.path, "partner", "alias", "Kyiv", "Kiev", typed=[answer])
    assert "Kiev (UA) is listed as another partner. Are the two one?" in ran.out
    assert ran.code == code
    assert stage.document(ref).aliases == (("Kiev",) if code == 0 else ())


def test_a_partners_name_that_was_erased_is_gone_from_the_registry(stage: Stage, cli: Cli) -> None:
    """Nothing of it is kept beside the documents; its alias goes with it, where that is erased."""
    ref = stage.propose(with_partner("Li Wei Foundation", "CN", aliases=("LWF",)))
    for text in ("Li Wei Foundation", "LWF"):
        cli("log", "erase", ref, "--text", text, "-m", "On request.", "--yes", actor="dora").well()
    told = cli("partner").well().out + cli("partner", json=True).out
    assert "Li Wei" not in told
    assert "LWF" not in told
