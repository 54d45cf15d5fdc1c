"""Puts a right record or sheet in the place of a wrong one, or retracts a record.

Of a record, the keys that are not given stay as they were; `KEY=` alone takes one away. A sheet is
stated as a whole, in a file or in its form.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import click

from cli.carrying import Carrying, Telling
from cli.correctable import SCORES, Line
from cli.facts import facts_of, mended
from cli.output.changes import Difference, changes_text, differences
from cli.output.shapes import Shape
from cli.runs.evaluate import evaluation_form_of
from cli.runs.score import score_form_of
from cli.stating import Form, Stated, put
from lifecycle.correcting import Instead, Sheet, correct_record, correct_sheet
from lifecycle.order import Receipt
from states.deeds import CORRECT, MEND
from states.problem import InvalidInputError, Problem
from states.records import Evaluation, Record, ScoreSheet
from states.schema import read
from store.documents import read_toml


@dataclass(frozen=True, slots=True)
class Restating:
    """One line to be corrected, and the run that does it."""

    carrying: Carrying
    line: Line

    def record(self, wrong: Record, pairs: Sequence[str], file: str | None) -> Receipt:
        """Put in a record's place what is given of it, or the record of a file."""
        if file is not None:
            name, facts = facts_of(file, wrong.kind, wrong.on)
            if len(facts) > 1:
                message = f"line {self.line.n} brought one record, and here are {len(facts)}"
                raise InvalidInputError([Problem("too_many", message, name, None, "records")])
            return self._record(wrong, facts[0], name)
        if not pairs:
            message = (
                f"line {self.line.n} is {self.line.words}: give KEY=VALUE or --file with what is"
                " right, or --void to retract it."
            )
            raise click.UsageError(message)
        return self._record(wrong, mended(wrong, pairs), None)

    def retract(self) -> Receipt:
        """Retract the line's record; raises UsageError where it brought something else."""
        n = self.line.n
        if self.line.record is None:
            message = f"line {n} is {self.line.words}: only a record is retracted with --void."
            raise click.UsageError(message)
        instead: Instead[Record | None] = Instead(n, None)
        return self.carrying.out(
            MEND,
            lambda unit, order, ref: correct_record(unit, order, ref, instead),
            Telling(then=lambda _receipt: f"What line {n} said counts no more.\n"),
        )

    def sheet(self, file: str | None) -> Receipt | None:
        """Put a sheet in the place of the present one; None where its form was left as it was."""
        carrying = self.carrying
        return put(carrying.session, carrying.writing, file, self._form, self._sheet)

    def _record(self, wrong: Record, right: Record, file: str | None) -> Receipt:
        n, changes = self.line.n, differences(wrong, right)
        if not changes:
            message = f"line {n} says just that already"
            raise InvalidInputError([Problem("unchanged", message, file)])
        instead: Instead[Record | None] = Instead(n, right, file)
        return self.carrying.out(
            MEND,
            lambda unit, order, ref: correct_record(unit, order, ref, instead),
            self._telling(changes),
        )

    def _sheet(self, stated: Stated) -> Receipt:
        kind: type[Sheet] = ScoreSheet if self.line.kind == SCORES else Evaluation
        keys = read_toml(stated.text, stated.name)
        if not keys:
            message = "there is nothing in it, and an empty sheet would stand over the one before"
            raise InvalidInputError([Problem("empty", message, stated.name)])
        sheet: Sheet = read(kind, keys, file=stated.name)
        n, carrying = self.line.n, self.carrying
        with carrying.session.store.reading() as reader:
            wrong = reader.sheet(kind, carrying.agreement.standing.key, n)
        instead = Instead(n, sheet, stated.name)
        words = ("--entry", str(n), "--file", stated.file)
        return carrying.out(
            CORRECT,
            lambda unit, order, ref: correct_sheet(unit, order, ref, instead),
            self._telling(differences(wrong, sheet), words),
        )

    def _telling(self, changes: Sequence[Difference], words: tuple[str, ...] = ()) -> Telling:
        n = self.line.n

        def then(receipt: Receipt) -> str:
            return f"What line {n} said counts no more; line {receipt.n} says what is right.\n"

        def more() -> Shape:
            return {"corrects": n, "changes": [change.shape() for change in changes]}

        return Telling(words, then, more, lambda: changes_text(changes))

    def _form(self) -> Form:
        session, agreement = self.carrying.session, self.carrying.agreement
        of = score_form_of if self.line.kind == SCORES else evaluation_form_of
        with session.store.reading() as reader:
            text = of(session, reader, agreement)
        return Form(f"{self.line.kind}-{agreement.ref}", "the form", text)
