"""Nothing is written but by the one choke point of who may do what (`lifecycle.authority`).

Every use case is found by what it takes and returns, and is tried by people without its role; and
only the composer, which insists on leave, makes lines.
"""

import ast
import inspect
import pkgutil
import sqlite3
import typing
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from datetime import date, timedelta
from functools import cache, partial
from importlib import import_module
from types import UnionType
from typing import Any

import msgspec
import pytest

import lifecycle
from lifecycle import compose
from lifecycle.authority import authorise
from lifecycle.compose import Draft, written, written_for_program
from lifecycle.drafting import propose
from lifecycle.entry import entry_of
from lifecycle.erasing.erase import Erasing
from lifecycle.intake.intake import Intake
from lifecycle.intake.table import Places, take_over_table
from lifecycle.matter import locked
from lifecycle.night import Report
from lifecycle.order import Order, Receipt
from lifecycle.ports import Ledger, Unit
from lifecycle.reviewing.deciding import Choice, Decision, decide
from lifecycle.sealing.rekeying import change_key
from lifecycle.takeover import take_over
from states.agreement import TakenOver
from states.deeds import ADOPT, VOID
from states.records import Record
from states.ref import Ref
from states.vocabulary import Event, Outcome, Role, State, Trigger
from store.countries import TerritoryNames
from store.exonyms import CityNames
from store.tabular.reading import read_table
from tests.builders import ROOT, complete_agreement, evaluation, score_sheet
from tests.erased import erase, erase_text
from tests.hands import ADMIN, SYSTEM, publication
from tests.sealing import a_key
from tests.stage import Stage, policy_file

pytestmark = pytest.mark.sqlite

AUDRA = "audra"
OLD = complete_agreement(term=None, taken_over=TakenOver("1986", "The archive."))
NEW = complete_agreement(renewal_guidelines="Renewed if half of the targets are met.")
ROW = b"partner,country,type,signed,status,source\nLima,PE,partnership,1999,active,File 1\n"
FOUNDS = {"found", "tell_restored"}
"""What needs no leave: founding a program, before there is anybody with a role, and restoring it.

A backup says who had a role in the past; who puts it in its place is written down (ADR 0018).
"""


SEVERAL = (tuple[Erasing, ...], tuple[Receipt, ...])
"""What says of several lines what came of them."""


def use_cases() -> Iterator[str]:
    """Yield every function of the package that takes a unit and an order, and says what came of it.

    None of them are the composer's own functions, which are told by what right something is done,
    and what is told what came of it already, as the writing down of a refusal is.
    """
    for module in pkgutil.walk_packages(lifecycle.__path__, "lifecycle."):
        for name, function in inspect.getmembers(import_module(module.name), inspect.isfunction):
            own = function.__module__ == module.name and not name.startswith("_")
            here = own and function.__module__ != compose.__name__
            hints = typing.get_type_hints(function) if here else {}
            answer, takes = hints.pop("return", None), set(hints.values())
            answers = set(typing.get_args(answer)) if isinstance(answer, UnionType) else {answer}
            acts = Order in takes and takes & {Unit, Ledger} and Receipt not in takes
            if acts and answers & {Receipt, Report, Intake, *SEVERAL}:
                yield name


Way = Callable[[Stage, Ref, str], Any]


def _in_force(stage: Stage) -> Ref:
    return stage.reach(State.ACTIVE)


def _drafted(stage: Stage) -> Ref:
    return stage.propose()


def _with_record(stage: Stage) -> Ref:
    ref = stage.propose()
    stage.record(ref, Record("note", stage.day, text="They called."))
    return ref


def _with_reason(stage: Stage) -> Ref:
    ref = stage.propose()
    stage.score(ref, reason="Li Wei asked for it.")
    return ref


def _scored(stage: Stage) -> Ref:
    ref = stage.propose()
    stage.score(ref)
    return ref


def _take_over(stage: Stage, who: str) -> Receipt:
    return stage.do(lambda u, o: take_over(u, o, OLD, State.ACTIVE), actor=who)


def _import(stage: Stage, who: str) -> Intake:
    table, names = read_table(ROW, "old.csv"), Places(TerritoryNames(), CityNames())
    return stage.do(lambda u, o: take_over_table(u, o, table, names), actor=who)


def _change_key(stage: Stage, who: str) -> Receipt:
    return stage.do(partial(change_key, new=a_key(stage)), actor=who)


def _nightly(stage: Stage, who: str) -> Report:
    return stage.on(date(2031, 1, 1)).nightly(actor=who)


def _to_end(stage: Stage, who: str) -> Order:
    return stage.order(who, ground="dormant", reason="As reviewed.")


SUNSET = Decision(Choice.SUNSET)
NOTE = Record("note", date(2026, 9, 1), text="They called.")
POLICY = policy_file({"cap": {"at_most": 99}})
WAYS: Mapping[str, tuple[Callable[[Stage], Ref], Way]] = {
    "adopt": (_drafted, lambda s, _r, who: s.adopt(POLICY, actor=who)),
    "advance": (_drafted, lambda s, r, who: s.advance(r, Trigger.SUBMIT, actor=who)),
    "amend": (_in_force, lambda s, r, who: s.amend(r, NEW, actor=who)),
    "apply": (_drafted, lambda s, r, who: s.apply(r, NEW, actor=who)),
    "appoint": (_drafted, lambda s, _r, who: s.appoint("zoe", Role.DECIDER, actor=who)),
    "approve": (_in_force, lambda s, r, who: s.approve(r, "terminate", actor=who)),
    "attach": (_drafted, lambda s, r, who: s.attach(r, actor=who)),
    "change_key": (_drafted, lambda s, _r, who: _change_key(s, who)),
    "correct": (_in_force, lambda s, r, who: s.correct(r, NEW, actor=who)),
    "correct_record": (_with_record, lambda s, r, who: s.correct_record(r, 2, None, actor=who)),
    "correct_sheet": (_scored, lambda s, r, who: s.correct_sheet(r, 2, score_sheet(), actor=who)),
    "decide": (_in_force, lambda s, r, who: decide(s.store, _to_end(s, who), r, SUNSET)),
    "erase_part": (_with_reason, lambda s, r, who: erase(s, r, 2, "reason", actor=who)),
    "erase_words": (_in_force, lambda s, r, who: erase_text(s, r, "Trade", actor=who)),
    "evaluate": (_in_force, lambda s, r, who: s.evaluate(r, evaluation(), actor=who)),
    "note_publications": (_in_force, lambda s, r, who: s.publish(publication(r), actor=who)),
    "nightly": (_in_force, lambda s, _r, who: _nightly(s, who)),
    "propose": (_drafted, lambda s, _r, who: s.do(_propose, actor=who)),
    "reclassify": (_in_force, lambda s, r, who: s.reclassify(r, "friendship", actor=who)),
    "record": (_drafted, lambda s, r, who: s.record(r, NOTE, actor=who)),
    "score": (_drafted, lambda s, r, who: s.score(r, actor=who)),
    "take_back": (_in_force, lambda s, r, who: s.take_back(r, actor=who)),
    "take_over": (_drafted, lambda s, _r, who: _take_over(s, who)),
    "take_over_table": (_drafted, lambda s, _r, who: _import(s, who)),
    "void": (_in_force, lambda s, r, who: s.void(r, actor=who)),
    "waive": (
        _drafted,
        lambda s, r, who: s.waive(r, "grounds_stated:grounds.missing", Trigger.WITHDRAW, actor=who),
    ),
}
"""How each use case is tried, after what makes it something that could be done."""

OWN = {
    ("appoint", ADMIN),
    ("change_key", ADMIN),
    ("erase_part", ADMIN),
    ("erase_words", ADMIN),
    ("nightly", SYSTEM),
}
"""Which of these are the role of who tries."""


def _propose(unit: Unit, order: Order) -> Receipt:
    return propose(unit, order, NEW)


def dump(stage: Stage) -> dict[str, list[tuple[object, ...]]]:
    """Return every row of the database, without what a refusal's line moves and brings along.

    That a night was refused is on its record, too.
    """
    with closing(sqlite3.connect(stage.path)) as connection:
        connection.row_factory = sqlite3.Row
        names = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        tables = {name: connection.execute(f"SELECT * FROM {name}").fetchall() for (name,) in names}  # noqa: S608
    moves = {"agreement": {"n", "head"}, "program": {"n", "head"}}
    return {
        name: [_without(row, moves.get(name, set())) for row in rows]
        for name, rows in tables.items()
        if name not in {"entry", "run", "unsealed"}
    } | {"beside": [tuple(row) for row in tables["beside"] if not _of_a_refusal(row)]}


def _of_a_refusal(row: sqlite3.Row) -> bool:
    return bool(row["part"] == "reason" or row["kind"] == "attempt")


def _without(row: sqlite3.Row, names: set[str]) -> tuple[object, ...]:
    return tuple(value for name, value in zip(row.keys(), row, strict=True) if name not in names)


def all_lines(stage: Stage) -> list[bytes]:
    """Return every line of every stream."""
    with closing(sqlite3.connect(stage.path)) as connection:
        return [line.encode() for (line,) in connection.execute("SELECT line FROM entry")]


def test_table_has_every_use_case() -> None:
    """A new one fails here until it is said how it is tried."""
    assert set(use_cases()) == set(WAYS) | FOUNDS


@pytest.mark.parametrize("name", WAYS)
def test_use_case_writes_nothing_but_a_refusal_for_who_has_not_its_role(
    city: Stage, name: str
) -> None:
    """Nobody, an auditor, the admin, the scheduler: one refusing line with the name, no more."""
    city.appoint(AUDRA, Role.AUDITOR)
    before_act, way = WAYS[name]
    ref = before_act(city)
    for who in ("eve", AUDRA, ADMIN, SYSTEM):
        if (name, who) in OWN:
            continue
        rows, lines = dump(city), all_lines(city)
        way(city, ref, who)
        (line,) = [entry_of(line) for line in all_lines(city) if line not in lines]
        assert (line.event, line.outcome, line.actor.id) == (Event.REFUSED, Outcome.REFUSED, who)
        assert [(g.guard, g.code) for g in line.guards] == [("authority", "role.missing")]
        assert dump(city) == rows
    assert city.verify() == []


def test_line_without_leave_is_not_composed(city: Stage) -> None:
    """Were a use case to forget to ask, nothing would be written either."""
    ref, lines = city.reach(State.ACTIVE), all_lines(city)

    def forgetful(unit: Unit, order: Order) -> None:
        matter = locked(unit, order, ref)
        denied = authorise(matter, VOID)
        assert denied.refusal
        draft = Draft(event=Event.VOIDED, effective_on=matter.today, authority=denied)
        with pytest.raises(PermissionError, match="void was composed without leave"):
            written(matter, draft)
        adoption = msgspec.structs.replace(
            draft, authority=msgspec.structs.replace(denied, deed=ADOPT)
        )
        with pytest.raises(PermissionError, match="adopt was composed without leave"):
            written_for_program(unit, order, matter.judging.digest, adoption)

    city.do(forgetful, actor="eve")
    assert all_lines(city) == lines


PACKAGES = ("states", "guards", "lifecycle", "store", "cli")
CALLERS: Mapping[str, set[str]] = {
    "Entry": {"lifecycle/compose.py"},
    "Authority": {"lifecycle/authority.py"},
    "founding": {"lifecycle/adoption.py", "lifecycle/appointing.py"},
    "operating": {"lifecycle/restoring.py"},
    "tell_restored": {"store/restoring.py"},
    ".write_program": {"lifecycle/compose.py"},
    ".hold": {"lifecycle/appointing.py"},
    ".keep": {"lifecycle/attaching.py"},
    ".erase": {"lifecycle/erasing/erase.py"},
    ".restate": {"lifecycle/rederiving.py", "store/append/calls.py"},
    ".give": {"lifecycle/alerting.py", "lifecycle/sweeping.py"},
    ".watch_on": {"lifecycle/alerting.py"},
    ".post": {"lifecycle/nightly.py"},
    ".keep_night": {"lifecycle/nightly.py", "lifecycle/recording.py"},
}
"""Who may call what makes, allows or writes a line; a leading point is for a unit's method."""


@cache
def texts() -> Mapping[str, str]:
    """Return what each file of the packages says, by its path."""
    paths = [path for package in PACKAGES for path in sorted((ROOT / package).rglob("*.py"))]
    return {path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8") for path in paths}


def trees(word: str) -> Iterator[tuple[str, ast.Module]]:
    """Yield the files in which a word stands anywhere, each parsed."""
    return ((file, ast.parse(text)) for file, text in texts().items() if word in text)


def callers(name: str) -> set[str]:
    """Return the files in which something is called; a method with its point."""

    def is_call(node: ast.AST) -> bool:
        match node:
            case ast.Call(func=ast.Name(id=called)):
                return called == name
            case ast.Call(func=ast.Attribute(attr=called)):
                return f".{called}" == name
            case _:
                return False

    return {file for file, tree in trees(f"{name}(") if any(map(is_call, ast.walk(tree)))}


@pytest.mark.unmeasured
@pytest.mark.parametrize("name", CALLERS)
def test_lines_are_made_in_one_place(name: str) -> None:
    """And so are the right to make them, and what is written along with them."""
    assert callers(name) == CALLERS[name]


@pytest.mark.unmeasured
def test_only_who_makes_a_database_founds_a_program() -> None:
    """The first admin is nobody's to grant."""
    users = {
        file
        for file, tree in trees("lifecycle.appointing")
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module == "lifecycle.appointing"
        if any(name.name == "found" for name in node.names)
    }
    assert users == {"store/creating.py"}


def test_changes_are_written_by_the_composer_and_by_those_who_write_many() -> None:
    """The check, taking over a table and publishing write what was composed, many at a time."""
    found = {file for file in callers(".write") if file.startswith("lifecycle/")}
    assert found == {
        "lifecycle/compose.py",
        "lifecycle/intake/table.py",
        "lifecycle/publishing/recording.py",
        "lifecycle/sweeping.py",
    }


def test_nothing_but_the_unit_of_work_adds_to_the_log() -> None:
    """One statement adds a line, and one module runs it."""
    users = {file for file, text in texts().items() if "INSERT_ENTRY" in text}
    assert users == {"store/writes.py", "store/unit.py"}


def test_people_of_the_city_are_what_the_table_takes_them_for(city: Stage) -> None:
    """Each of them could do something, so that it is the role that is missing."""
    assert not city.appoint("zoe", Role.DECIDER).refused
    assert city.on(city.day + timedelta(days=1)).nightly().completed
