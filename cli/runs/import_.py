"""What `lifecycle import` does: takes a table over, and asks what only people know."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import click

from cli.asking import can_ask, picked
from cli.inputs import STDIN, bytes_of
from cli.intake import Told, how_told
from cli.output.answers import save
from cli.output.intake import Outcome, intake_shape, intake_text
from cli.output.receipts import give
from cli.output.rejects import FORMS, refused_rows, template
from cli.output.shapes import json_text
from cli.output.streams import OutputError, on_terminal, out, out_bytes, out_data
from cli.session import Session, opened
from cli.settings import Settings, Writing
from lifecycle.intake.fields import NEW
from lifecycle.intake.intake import Intake, Table
from lifecycle.intake.partners import Question
from lifecycle.intake.table import BATCH, Places, take_over_table
from states.names import plain
from states.problem import InvalidInputError, Problem
from store.countries import TerritoryNames
from store.exonyms import CityNames
from store.tabular.reading import LARGEST, read_table

REFUSED = 1


class _AskError(Exception):
    """There is something to be asked before anything is taken."""

    def __init__(self, questions: list[Question]) -> None:
        super().__init__(questions)
        self.questions = questions


@dataclass(slots=True)
class _Import:
    """One table that is to be taken over, and where its refused rows go."""

    session: Session
    writing: Writing
    table: Table
    rejects: str | None
    asks: bool
    left: set[Question]

    def run(self) -> Intake:
        """Take the table over; whatever is asked is asked while nobody waits for the database."""
        places = Places(TerritoryNames(), CityNames())
        while True:
            try:
                return self._taken(places)
            except _AskError as error:
                self._ask(error.questions)

    def _taken(self, places: Places) -> Intake:
        dry = self.writing.dry_run
        order = self.session.order(self.writing)
        with self.session.ledger(dry_run=dry) as ledger, ledger.unit() as unit:
            with _progress(self.session.settings, self.table.length) as observe:
                intake = take_over_table(unit, order, self.table, places, observe)
            questions = [one for one, _rows in intake.asked() if one not in self.left]
            if self.asks and questions:
                raise _AskError(questions)
            if self.rejects is not None and intake.denied is None:
                # Before anything is kept: who can't be given them has not had them refused.
                _save_rejects(self.rejects, refused_rows(self.rejects, self.table, intake))
        return intake

    def _ask(self, questions: list[Question]) -> None:
        answers = dict(self.table.legend.partners)
        for place, one in enumerate(questions):
            known = f"{one.known.name} ({one.known.known_by})"
            options = [
                f"yes: {one.name} is {one.known.name}",
                f"no: {one.name} is another partner",
                "leave this row and the like out for now, and ask no more",
            ]
            answer = picked(f"Is {one.name} in {one.country} the same partner as {known}?", options)
            if answer is None:
                self.left.add(one)
            elif answer == len(options) - 1:
                self.left.update(questions[place:])
                self.asks = False
                break
            else:
                answers[plain(one.name)] = NEW if answer else one.known.name
        self.table = replace(self.table, legend=replace(self.table.legend, partners=answers))


@dataclass(frozen=True, slots=True)
class Asked:
    """Which file is to be imported, how it is to be read, and where its refused rows go."""

    file: str
    told: Told
    rejects: str | None


def _save_rejects(file: str, rows: bytes) -> None:
    try:
        save(file, rows)
    except OutputError as error:
        error.hint = "nothing was taken over; name a file for --rejects that can be written"
        raise


def import_file(settings: Settings, writing: Writing, asked: Asked) -> int:
    """Take over the agreements of a table; returns the exit code."""
    file, rejects = asked.file, asked.rejects
    if rejects is not None:
        _form_of(rejects)
        _insist_on_another(file, rejects)
    legend, how = how_told(asked.told)
    name, data = bytes_of(file, most=LARGEST)
    table = read_table(data, name, legend, how)
    with opened(settings) as session:
        asks = can_ask() and not (settings.json or writing.yes or file == STDIN)
        intake = _Import(session, writing, table, rejects, asks, set()).run()
    if intake.denied is not None:
        return give(settings, intake.denied, dry_run=writing.dry_run)
    outcome = Outcome(table, intake, rejects, dry_run=writing.dry_run)
    if settings.json:
        out_data(json_text(intake_shape(outcome)))
    else:
        out(intake_text(outcome))
    return REFUSED if intake.refused else 0


def write_template(settings: Settings, file: str | None) -> int:
    """Write a table to fill in: as CSV to standard output, or into a new file."""
    if file in {None, STDIN}:
        out_bytes(template("template.csv"))
        return 0
    path = Path(str(file))
    made = template(str(file)) if _form_of(str(file)) else b""
    if path.exists():
        message = "there is a file of this name already"
        hint = "name another one, or take that one away"
        raise InvalidInputError([Problem("exists", message, str(file), hint=hint)])
    save(str(file), made)
    if not settings.json:
        out(f"{file}: a table to fill in. Then: lifecycle import {file} --dry-run\n")
    return 0


def _insist_on_another(file: str, rejects: str) -> None:
    """Refuse to write the refused rows over the file that all rows stand in."""
    try:
        same = file != STDIN and Path(rejects).samefile(file)
    except OSError:
        return
    if same:
        message = "--rejects names the file that is imported; name another one."
        raise click.UsageError(message)


def _form_of(file: str) -> str:
    ending = Path(file).suffix.casefold()
    if ending not in FORMS:
        message = f"{ending or file} is no format that is known ({', '.join(FORMS)})."
        raise click.UsageError(message)
    return ending


@contextmanager
def _progress(settings: Settings, rows: int) -> Iterator[Callable[[int], None]]:
    """Show people how far it is, where it is long."""
    if settings.json or rows <= BATCH or not on_terminal(sys.stderr):
        yield lambda _rows: None
        return
    with click.progressbar(length=rows, label="Taking over", file=sys.stderr) as bar:
        yield bar.update
        # How many rows there are is only about known before.
        bar.update(rows - bar.pos)
