"""What `lifecycle portfolio review` does: writes a sheet, carries one out, or asks people."""

import shlex
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

import click

from cli.acting import Acting
from cli.asking import can_ask
from cli.inputs import bytes_of
from cli.output.answers import Answer, csv_parts, form_of, give
from cli.output.review import SHEET_KEYS, Done, done_shape, done_text, sheet_row, words_rows
from cli.output.shapes import Shape, json_text
from cli.output.streams import out, out_data, talk, width
from cli.output.text import one_line, paragraphs
from cli.output.words import plural
from cli.reviewing import Reviewing
from cli.runs.portfolio_session import hold_session
from cli.session import Session, opened
from cli.settings import Reading, Settings, Writing
from lifecycle.errors import UnknownRefError
from lifecycle.reviewing.agenda import Asked, Item, agenda
from lifecycle.reviewing.sheet import ANSWERS, NEEDED, Wanted, decisions, in_turn
from states.problem import InvalidInputError, Problem
from states.ref import Ref
from store.reader import Reader
from store.tabular.filled import filled_rows
from store.tabular.reading import LARGEST

REFUSED = 1

_SHEET = "Review"
"""The name under which a workbook has the sheet that is filled in."""

_SHEETS = {"csv": ".csv", "xlsx": ".xlsx"}


@dataclass(frozen=True, slots=True)
class Wish:
    """Which agreements are to be reviewed and how, as it was typed."""

    refs: tuple[str, ...]
    types: tuple[str, ...]
    due_within: timedelta | None
    sheet: str | None
    file: str | None
    dormant: bool = False

    @property
    def chooses(self) -> bool:
        """Whether it asks for some agreements only."""
        return bool(self.refs or self.types or self.due_within or self.dormant)


def review_portfolio(settings: Settings, writing: Writing, acting: Acting, wish: Wish) -> int:
    """Review the portfolio in the way that is asked for; returns the exit code."""
    _check(writing, wish)
    with opened(settings) as session:
        if wish.sheet is not None:
            return _write_sheet(session, wish.sheet, wish)
        reviewing = Reviewing(session, writing, acting)
        if wish.file is not None:
            return _carry_out(reviewing, wish.file)
        if not can_ask():
            message = (
                "a review asks about each agreement, and nobody can answer here: write a sheet"
                " to fill in with --sheet FILE, and carry it out with --file FILE."
            )
            raise click.UsageError(message)
        with session.store.reading() as reader:
            items = list(_items(session, reader, wish))
        return hold_session(reviewing, items)


def _check(writing: Writing, wish: Wish) -> None:
    if wish.sheet is not None and wish.file is not None:
        message = "--sheet writes a sheet and --file carries one out; give one of them."
        raise click.UsageError(message)
    if wish.file is not None and wish.chooses:
        message = "the sheet says which agreements it is about; leave REF and filters out."
        raise click.UsageError(message)
    if writing.expect_version is not None:
        message = "each agreement has a version of its own; the sheet's column says which."
        raise click.UsageError(message)


def _items(session: Session, reader: Reader, wish: Wish) -> Iterator[Item]:
    """Return what is to be reviewed, read as it is gone through; raises InvalidInputError."""
    policy = reader.policy(reader.policy_in_force(session.today))
    asked = Asked(
        refs=tuple(_known(reader, text) for text in wish.refs),
        types=wish.types,
        dormant=wish.dormant,
        due_by=session.today + wish.due_within if wish.due_within else None,
    )
    for code in wish.types:
        # What was taken over may be of a type that the policy in force does not know any more.
        of_type = agenda(reader, policy, session.today, replace(asked, types=(code,)))
        if code not in policy.types and next(of_type, None) is None:
            message = f"the policy has no type {code!r}, and no agreement is of one"
            problem = Problem("unknown_type", message, key="--type", allowed=tuple(policy.types))
            raise InvalidInputError([problem])
    return agenda(reader, policy, session.today, asked)


def _known(reader: Reader, text: str) -> Ref:
    """Return a whole reference; raises UnknownRefError for what is none of this program."""
    try:
        ref = Ref.parse(text)
    except ValueError:
        raise UnknownRefError(text) from None
    if ref.code != reader.program.code or reader.standing(ref.key) is None:
        raise UnknownRefError(text)
    return ref


def _write_sheet(session: Session, file: str, wish: Wish) -> int:
    settings, reading = session.settings, Reading(file=file)
    if form_of(settings, reading) not in _SHEETS:
        message = f"a sheet is written as {' or '.join(_SHEETS.values())}; name the file so."
        raise click.UsageError(message)
    with session.store.reading() as reader:
        rows = _Rows(_items(session, reader, wish))
        policy = reader.policy(reader.policy_in_force(session.today))

        def xlsx() -> bytes:
            from cli.output.workbook import Sheet, workbook

            cells = ([row[key] for key in SHEET_KEYS] for row in rows)
            words = Sheet("Words", ("column", "word", "meaning"), words_rows(policy))
            return workbook([Sheet(_SHEET, SHEET_KEYS, cells), words])

        give(
            settings,
            reading,
            Answer(table=str, json=str, csv=csv_parts(SHEET_KEYS, rows), xlsx=xlsx),
        )
    note = f"{plural(rows.count, 'agreement')} to be reviewed. Fill in {', '.join(ANSWERS)}; then:"
    talk(f"{paragraphs(note, width())}\n")
    command = ["lifecycle", "portfolio", "review", "--file", file, "--dry-run"]
    talk(f"{one_line(shlex.join(command))}\n")
    return 0


class _Rows:
    """The rows of a sheet, made as they are written, and how many there were."""

    def __init__(self, items: Iterator[Item]) -> None:
        self._items = items
        self.count = 0

    def __iter__(self) -> Iterator[Shape]:
        for item in self._items:
            self.count += 1
            yield sheet_row(item)


def _carry_out(reviewing: Reviewing, file: str) -> int:
    session = reviewing.session
    name, data = bytes_of(file, most=LARGEST)
    rows = filled_rows(data, name, NEEDED, _SHEET)
    with session.store.reading() as reader:
        policy = reader.policy(reader.policy_in_force(session.today))
        try:
            wanted = decisions(rows, policy, reviewing.writing.reason)
        except InvalidInputError as error:
            raise InvalidInputError(_in_file(error.problems, name)) from error
        if unknown := [one for one in wanted if not _is_there(reader, one)]:
            raise InvalidInputError(
                Problem("unknown_ref", f"there is no {one.ref}", name, one.row, "ref")
                for one in unknown
            )
    with session.ledger(dry_run=reviewing.writing.dry_run) as ledger:
        done = [reviewing.carried_out(ledger, one) for one in in_turn(wanted)]
    done.sort(key=lambda one: one.wanted.row)
    _tell(reviewing, Done(name, len(rows), done))
    return REFUSED if any(one.refused for one in done) else 0


def _in_file(problems: Sequence[Problem], file: str) -> Sequence[Problem]:
    return [Problem(p.code, p.message, file, p.line, p.key, p.allowed, p.hint) for p in problems]


def _is_there(reader: Reader, wanted: Wanted) -> bool:
    ref = wanted.ref
    return ref.code == reader.program.code and reader.standing(ref.key) is not None


def _tell(reviewing: Reviewing, done: Done) -> None:
    dry_run = reviewing.writing.dry_run
    if reviewing.session.settings.json:
        out_data(json_text(done_shape(done, dry_run=dry_run)))
    else:
        out(done_text(done, dry_run=dry_run))
