"""`lifecycle portfolio review`: a sheet to fill in and carry out, and a session on a terminal."""

import csv
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from cli.output.review import SHEET_KEYS
from states.agreement import Agreement, TakenOver
from states.records import Record
from states.ref import Ref
from states.vocabulary import Event, State
from tests.builders import DORA, complete_agreement
from tests.cli.conftest import Cli
from tests.cli.running import Ran, on_terminal, run
from tests.conftest import Staging
from tests.stage import Stage, with_cap


def old(**changes: object) -> Agreement:
    """Return a memorandum of 1990 without a term, as it is taken over."""
    plain = {"type": "mou", "term": None, "projects": (), "milestones": (), **changes}
    return complete_agreement(taken_over=TakenOver("1990", "The archive."), **plain)


@pytest.fixture
def refs(stage: Stage) -> list[Ref]:
    """Return two memoranda and a partnership, all without a term."""
    return [stage.take_over(old(title=f"No. {n}")) for n in (1, 2)] + [
        stage.take_over(old(type="partnership", title="No. 3"))
    ]


def filled(cli: Cli, file: Path, decisions: Mapping[Ref, Mapping[str, str]]) -> Path:
    """Have a sheet written, and fill in some rows of it."""
    cli("portfolio", "review", "--sheet", file).well()
    with file.open(newline="") as stream:
        rows = list(csv.DictReader(stream))
    for row in rows:
        row.update(decisions.get(Ref.parse(row["ref"]), {}))
    return written(file, rows)


def written(file: Path, rows: Sequence[Mapping[str, Any]]) -> Path:
    """Write rows as CSV."""
    with file.open("w", newline="") as stream:
        writer = csv.DictWriter(stream, rows[0].keys())
        writer.writeheader()
        writer.writerows(rows)
    return file


KEEP = {"decision": "keep", "reason": "It brings two missions a year.", "next_review": "2027-03-01"}
FRIENDS = {"decision": "reclassify", "type": "friendship", "reason": "The community runs it."}
FAR = {"next_review": ""}
SUNSET = {"decision": "sunset", "ground": "dormant", "reason": "Nobody answers."}


def test_sheet_has_what_it_takes_to_decide_and_empty_columns_for_the_decision(
    cli: Cli, stage: Stage, refs: list[Ref], tmp_path: Path
) -> None:
    """Every agreement in force with what is known of it, in CSV and in a workbook (R48)."""
    stage.record(refs[2], Record("activity", stage.day, "A mission."))
    ran = cli("portfolio", "review", "--sheet", tmp_path / "r.csv").well()
    assert "3 agreements to be reviewed" in ran.err
    with (tmp_path / "r.csv").open(newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert [row["ref"] for row in rows] == [str(ref) for ref in refs]
    assert tuple(rows[0]) == SHEET_KEYS
    assert {rows[2][key] for key in ("decision", "type", "ground", "reason", "next_review")} == {""}
    assert (rows[2]["suggested"], rows[2]["last_activity"]) == ("keep", str(stage.day))
    assert "Nothing is stated" in rows[0]["why"]
    cli("portfolio", "review", "--type", "partnership", "--sheet", tmp_path / "r.xlsx").well()
    book = load_workbook(tmp_path / "r.xlsx")
    assert book.sheetnames == ["Review", "Words"]
    assert [row[0].value for row in book["Review"].iter_rows(min_row=2)] == [str(refs[2])]
    words = [row[1].value for row in book["Words"].iter_rows(min_row=2)]
    assert {"keep", "reclassify", "sunset", "friendship", "dormant"} <= set(words)


def test_filled_in_sheet_is_carried_out_and_each_decision_is_on_the_log(
    cli: Cli, stage: Stage, refs: list[Ref], tmp_path: Path
) -> None:
    """Kept, reclassified, sunset; who decided, on what ground and why (R48, R57)."""
    wanted = dict(zip(refs, (SUNSET, FRIENDS, KEEP), strict=True))
    file = filled(cli, tmp_path / "r.csv", wanted)
    ran = cli("portfolio", "review", "--file", file, actor=DORA).well()
    assert "1 kept, 1 reclassified, 1 sunset, 0 refused, 0 undecided." in " ".join(ran.out.split())
    ended, friend, kept = refs
    assert stage.fields(ended, "state") == (State.SUNSET,)
    assert stage.fields(friend, "type", "former_type") == ("friendship", "mou")
    assert stage.fields(kept, "review", "state") == (date(2027, 3, 1), State.ACTIVE)
    lines = [stage.last(ref) for ref in refs]
    assert {line.actor.id for line in lines} == {DORA}
    assert [line.event for line in lines] == [
        Event.TRANSITIONED,
        Event.RECLASSIFIED,
        Event.RECORDED,
    ]
    assert (lines[0].ground, all(line.reason for line in lines)) == ("dormant", True)
    assert stage.verify() == []


def test_portfolio_of_thirty_seven_is_reviewed_down_to_ten(
    stage: Stage, cli: Cli, tmp_path: Path
) -> None:
    """As in 2005: one sheet, ten kept, the others sunset with their grounds (R48)."""
    taken = [stage.take_over(old(type="partnership", title=f"No. {n}")) for n in range(37)]
    decisions = {ref: KEEP if n < 10 else SUNSET for n, ref in enumerate(taken)}
    file = filled(cli, tmp_path / "2005.csv", decisions)
    answer = cli("portfolio", "review", "--file", file, json=True, actor=DORA).well().json
    assert (answer["kept"], answer["sunset"], answer["refused"], answer["undecided"]) == (
        *(10, 27),
        *(0, 0),
    )
    active = cli("list", "--state", "active", json=True).well().json
    assert [one["ref"] for one in active] == [str(ref) for ref in taken[:10]]
    cli("portfolio", "review", "--sheet", tmp_path / "next.csv").well()
    assert len((tmp_path / "next.csv").read_text().splitlines()) == 11
    assert stage.verify() == []


def test_workbook_that_was_filled_in_is_carried_out_like_text(
    cli: Cli, stage: Stage, refs: list[Ref], tmp_path: Path
) -> None:
    """Days are dates there and versions numbers; merged cells and other sheets are refused."""
    file = tmp_path / "r.xlsx"
    cli("portfolio", "review", "--sheet", file).well()
    book = load_workbook(file)
    sheet = book["Review"]
    place = {key: column for column, key in enumerate(SHEET_KEYS, 1)}
    kept: dict[str, Any] = {**KEEP, "next_review": date(2027, 3, 1)}
    for row, wanted in enumerate((SUNSET, FRIENDS, kept), 2):
        for key, value in wanted.items():
            sheet.cell(row, place[key]).value = value
    book.save(file)
    cli("portfolio", "review", "--file", file).well()
    assert stage.fields(refs[0], "state") == (State.SUNSET,)
    assert stage.fields(refs[1], "type") == ("friendship",)
    assert stage.fields(refs[2], "review") == (date(2027, 3, 1),)
    again = cli("portfolio", "review", "--file", file, json=True).well().json
    assert {one["repeated"] for one in again["decisions"]} == {True}
    sheet.cell(2, place["reason"]).value = "=A1"
    book.save(file)
    told = cli("portfolio", "review", "--file", file, json=True).badly(2).errors
    assert [(one["code"], one["line"], one["key"]) for one in told] == [
        ("unreadable_cell", 2, "reason")
    ]
    sheet.merge_cells(start_row=2, end_row=3, start_column=place["decision"], end_column=26)
    book.save(file)
    told = cli("portfolio", "review", "--file", file, json=True).badly(2).errors
    assert [one["code"] for one in told] == ["merged"]
    sheet.title = "Mine"
    book.save(file)
    told = cli("portfolio", "review", "--file", file, json=True).badly(2).errors
    assert [(one["code"], one["allowed"]) for one in told] == [("unknown_sheet", ["Mine", "Words"])]


def test_sheet_carried_out_again_does_nothing_twice(
    cli: Cli, stage: Stage, refs: list[Ref], tmp_path: Path
) -> None:
    """A row is known again by what it says of which version."""
    wanted = dict(zip(refs, (SUNSET, FRIENDS, KEEP), strict=True))
    file = filled(cli, tmp_path / "r.csv", wanted)
    cli("portfolio", "review", "--file", file).well()
    before = [stage.raw(ref) for ref in refs]
    answer = cli("portfolio", "review", "--file", file, json=True).well().json
    assert {one["repeated"] for one in answer["decisions"]} == {True}
    assert [stage.raw(ref) for ref in refs] == before


def test_refused_row_is_told_with_its_reasons_and_the_others_are_carried_out(
    staged: Staging, tmp_path: Path
) -> None:
    """Nothing of that row is stored but the refusal; what ends frees its place before."""
    stage = staged(with_cap(1))
    cli = cli_on(stage)
    full = stage.take_over(old(type="partnership", title="Full"))
    first, second = (stage.take_over(old(title=f"No. {n}")) for n in (1, 2))
    wanted = {first: FRIENDS, second: FRIENDS, full: SUNSET}
    file = filled(cli, tmp_path / "r.csv", wanted)
    dry = cli("portfolio", "review", "--file", file, "--dry-run", json=True).badly(1).json
    answer = cli("portfolio", "review", "--file", file, json=True).badly(1).json
    assert [one["outcome"] for one in answer["decisions"]] == ["ok", "ok", "refused"]
    assert [one["outcome"] for one in dry["decisions"]] == ["ok", "ok", "refused"]
    assert (answer["sunset"], answer["reclassified"], answer["refused"]) == (1, 1, 1)
    (receipt,) = answer["decisions"][2]["receipts"]
    assert "cap.full" in [unmet["code"] for unmet in receipt["unmet"]]
    assert stage.fields(second, "type") == ("mou",)
    assert stage.last(second).event is Event.REFUSED
    text = cli("portfolio", "review", "--file", file).badly(1).out
    assert "✗ row 4" in text
    assert "1 agreements hold the 1 places of the cap." in text
    assert "warning" not in text


def test_dry_run_of_a_sheet_stores_nothing(
    cli: Cli, stage: Stage, refs: list[Ref], tmp_path: Path
) -> None:
    """Neither decisions nor refusals, and it answers the same."""
    far = {**KEEP, "next_review": "2040-01-01"}
    wanted = dict(zip(refs, (SUNSET, FRIENDS, far), strict=True))
    file = filled(cli, tmp_path / "r.csv", wanted)
    before = [stage.raw(ref) for ref in refs]
    ran = cli("portfolio", "review", "--file", file, "--dry-run").badly(1)
    assert "0 kept, 1 reclassified, 1 sunset, 1 refused" in " ".join(ran.out.split())
    assert [stage.raw(ref) for ref in refs] == before


def test_everything_wrong_with_a_sheet_is_told_at_once_and_nothing_is_decided(
    cli: Cli, stage: Stage, refs: list[Ref], tmp_path: Path
) -> None:
    """By row and column; the good rows wait for the others."""
    before = [stage.raw(ref) for ref in refs]
    wrong = {refs[0]: {"decision": "drop"}, refs[1]: {"decision": "sunset"}, refs[2]: KEEP}
    file = filled(cli, tmp_path / "r.csv", wrong)
    errors = cli("portfolio", "review", "--file", file, json=True).badly(2).errors
    assert [(one["line"], one["key"]) for one in errors] == [
        (2, "decision"),
        (3, "reason"),
        (3, "ground"),
    ]
    nobody = {"ref": "TOR-2020-999", "decision": "keep", "reason": "It works."}
    other = written(tmp_path / "x.csv", [nobody])
    told = cli("portfolio", "review", "--file", other, json=True).badly(2).errors
    assert [one["code"] for one in told] == ["unknown_ref"]
    nothing = written(tmp_path / "n.csv", [{"Agreement": "1", "reason": "", "Reason": ""}])
    told = cli("portfolio", "review", "--file", nothing, json=True).badly(2).errors
    assert [(one["code"], one["key"]) for one in told] == [
        ("missing_column", "ref"),
        ("missing_column", "decision"),
        ("repeated", "reason"),
    ]
    assert [stage.raw(ref) for ref in refs] == before


def test_staff_carry_out_what_a_body_decided_and_nothing_without(
    staged: Staging, tmp_path: Path
) -> None:
    """The body and its item stand on every line (R57)."""
    stage = staged(sandbox=False).with_people()
    ref = stage.take_over(old())
    file = filled(cli_on(stage, real=True), tmp_path / "r.csv", {ref: SUNSET})
    alone = cli_on(stage, real=True)("portfolio", "review", "--file", file).badly(1)
    assert "may not terminate" in alone.out
    kept = stage.take_over(old(type="partnership", title="Kept"))
    told = cli_on(stage, real=True)("approve", kept, "review", actor=DORA).well().out
    assert f"lifecycle portfolio review {kept}" in told
    approved = filled(cli_on(stage, real=True), tmp_path / "a.csv", {kept: {**KEEP, **FAR}})
    cli_on(stage, real=True)("portfolio", "review", "--file", approved).well()
    assert stage.last(kept).approver == DORA
    body = ("--on-behalf-of", "City Council", "--item", "EX12.3")
    cli_on(stage, real=True)("portfolio", "review", "--file", file, *body).well()
    assert {(one.on_behalf_of, one.item) for one in stage.entries(ref)[-2:]} == {
        ("City Council", "EX12.3")
    }


def test_session_decides_one_agreement_after_the_other_at_once(
    stage: Stage, refs: list[Ref]
) -> None:
    """Shown, decided, carried out; what is passed over stays as it is (R48)."""
    passed = stage.take_over(old(title="No. 4"))
    answers = [
        *("s", "1", "It failed its targets."),
        *("r", "friendship", "The community runs it."),
        *("x", "k", "soon", "2027-03-01", "", "k", "", "It works."),
        "n",
    ]
    ran = session(stage, *answers).well()
    assert "1 of 4" in ran.out
    assert "suggested" in ran.out
    assert f"✓ {refs[2]}: kept; to be reviewed on 2027-09-01." in ran.out
    assert "1 kept, 1 reclassified, 1 sunset, 0 refused, 1 undecided." in ran.out
    assert stage.fields(refs[0], "state") == (State.SUNSET,)
    assert stage.last(refs[0]).ground == "fails_criteria"
    assert stage.fields(refs[1], "type") == ("friendship",)
    assert stage.fields(refs[2], "review") == (date(2027, 9, 1),)
    assert stage.fields(passed, "version") == (1,)
    assert max(map(len, ran.out.splitlines())) <= 80


def test_session_that_is_stopped_loses_nothing_of_what_was_decided(
    stage: Stage, refs: list[Ref]
) -> None:
    """By an answer, or by Ctrl-C in the middle of the next one."""
    session(stage, "s", "5", "Needs changed.", "stop").well()
    assert stage.fields(refs[0], "state") == (State.SUNSET,)
    assert session(stage, "r", "2", "The community runs it.", "s").code == 130
    assert stage.fields(refs[1], "type") == ("friendship",)
    assert stage.fields(refs[2], "state") == (State.ACTIVE,)


def test_session_tells_why_a_decision_was_refused_and_asks_again(stage: Stage) -> None:
    """What has changed meanwhile is shown as it is now."""
    stage.take_over(old(type="partnership"))
    ran = session(stage, "k", "2040-01-01", "Wait.", "s", "", "r", "", "q").well()
    assert "keep was refused; nothing of it was done." in ran.out
    assert ran.out.count("1 of 1") == 2
    assert "0 kept" in ran.out


def test_review_asks_only_where_somebody_can_answer(cli: Cli, refs: list[Ref]) -> None:
    """Else it says how to do it on paper; and what can't go together is wrong usage."""
    assert "--sheet FILE" in cli("portfolio", "review").badly(2).err
    for line in (
        ["--sheet", "a.csv", "--file", "b.csv"],
        ["--file", "b.csv", "--dormant"],
        ["--file", "b.csv", "--expect-version", 3],
        ["--sheet", "a.md"],
        ["--type", "alliance", "--sheet", "a.csv"],
        ["TOR-2026", "--sheet", "a.csv"],
        ["TOR-2026-999", "--sheet", "a.csv"],
    ):
        cli("portfolio", "review", *line).badly(2)
    one = cli("portfolio", "review", refs[1], "--due-within", "9d", "--sheet", "-").badly(2)
    assert "a sheet is written as" in one.err


def session(stage: Stage, *typed: str) -> Ran:
    """Review on a terminal, with answers."""
    line = ("--db", stage.path, "--as", DORA, "--today", stage.day, "portfolio", "review")
    return on_terminal(*line, typed=typed)


def cli_on(stage: Stage, *, real: bool = False) -> Cli:
    """Return what runs command lines on a stage of the test's own."""

    def on_stage(*line: object, actor: str = "anna", json: bool = False, stdin: Any = None) -> Ran:  # noqa: ANN401
        day = [] if real else ["--today", stage.day]
        everywhere = ["--db", stage.path, "--as", actor, *day, *(["--json"] if json else [])]
        return run(*everywhere, *line, stdin=stdin)

    return on_stage
