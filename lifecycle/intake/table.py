"""Takes over a whole portfolio from the rows of a table, in one transaction.

Each row stands for itself: it is taken over, or was before, or is refused with everything that is
wrong with it. What a row's line is told again by is its idempotency key, made of partner, country,
type and date of signing: it stays on the log whatever becomes of the agreement, so that the same
file changes nothing when it is read a second time, nor does a corrected one for the rows that were
taken from it.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice

from lifecycle.authority import authorise_program
from lifecycle.compose import compose, receipt_of, refused_for_program, repeated_by
from lifecycle.intake.columns import Columns, Row
from lifecycle.intake.reading import Candidate, Countries, Reader, Refused, refused_by
from lifecycle.matter import Judging, Matter, judging, today_of
from lifecycle.order import Order, Receipt
from lifecycle.ports import Change, Unit
from lifecycle.sheets import recorded
from lifecycle.takeover import taken_over
from states.deeds import TAKE_OVER
from states.problem import InvalidInputError, Problem
from states.records import Record
from states.ref import Ref
from states.standing import Standing
from states.vocabulary import Event


@dataclass(slots=True)
class Intake:
    """What became of a table: every row is taken, unchanged or refused.

    `counted` agreements hold a place under the cap of `cap` afterwards. `denied` is the receipt of
    the refusal where who gives the order may not: then no row was looked at.
    """

    taken: list[Receipt] = field(default_factory=list)
    unchanged: list[Receipt] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)
    counted: int = 0
    cap: int | None = None
    denied: Receipt | None = None

    @property
    def rows(self) -> int:
        """How many rows there were."""
        return len(self.taken) + len(self.unchanged) + len(self.refused)


@dataclass(frozen=True, slots=True)
class Table:
    """A table of agreements: where it comes from, what its columns are, its rows."""

    file: str
    columns: Columns
    rows: Iterable[Row]


def take_over_table(unit: Unit, order: Order, table: Table, countries: Countries) -> Intake:
    """Take over the rows of a table; what is refused leaves no trace on the log (R46, R47, R48)."""
    unit.lock_program()
    today = today_of(unit, order)
    rules = judging(unit, None, today)
    authority = authorise_program(unit, order, TAKE_OVER, today, rules)
    if authority.refusal:
        denied = refused_for_program(unit, order, today, rules.digest, authority)
        return Intake(denied=denied)
    policy = rules.policy
    reader = Reader(table.file, table.columns, policy, countries, today)
    run = _Run(unit, order, reader, rules, unit.next_number(today.year))
    for rows in _batches(table.rows):
        run.take(rows)
    run.intake.counted = unit.counted_others(_NOBODY)
    run.intake.cap = policy.cap.at_most if policy.cap else None
    return run.intake


BATCH = 500
"""How many rows are written together: what is held in memory of a table of any length."""

_NOBODY = 0


def _batches(rows: Iterable[Row]) -> Iterator[list[Row]]:
    left = iter(rows)
    while batch := list(islice(left, BATCH)):
        yield batch


@dataclass(slots=True)
class _Run:
    """The program is locked, so that its next number is known without asking again."""

    unit: Unit
    order: Order
    reader: Reader
    judging: Judging
    number: int
    intake: Intake = field(default_factory=Intake)
    seen: dict[str, int] = field(default_factory=dict)
    changes: list[Change] = field(default_factory=list)

    def take(self, rows: Sequence[Row]) -> None:
        """Take some rows over, or note why not."""
        read = [(row, self.reader.read(row)) for row in rows]
        keys = [found.key for _row, found in read if isinstance(found, Candidate)]
        before = self.unit.lines_by_keys(keys)
        for row, found in read:
            try:
                if isinstance(found, Refused):
                    self.intake.refused.append(found)
                else:
                    self._enter(found, before)
            except InvalidInputError as error:
                self.intake.refused.append(refused_by(error, row, self.reader.columns))
        self.unit.write(self.changes)
        self.changes.clear()

    def _enter(self, found: Candidate, before: Mapping[str, bytes]) -> None:
        first = self.seen.setdefault(found.key, found.row)
        if first != found.row:
            message = f"it is the same agreement as in row {first}"
            hint = "partner, country, type and date of signing are the same; keep one of them"
            raise InvalidInputError([Problem("repeated", message, key="partner", hint=hint)])
        order = replace(self.order, key=found.key)
        if found.key in before:
            known = repeated_by(before[found.key], order, Event.TAKEN_OVER)
            self.intake.unchanged.append(known)
            return
        matter = self._matter(order)
        draft = taken_over(matter, found.agreement, found.state)
        change = compose(matter, draft)
        self.number += 1
        self.changes.append(change)
        self.intake.taken.append(receipt_of(change, draft))
        if found.note:
            self._note(change.after, found)

    def _matter(self, order: Order, standing: Standing | None = None) -> Matter:
        today = self.reader.today
        ref = Ref(self.unit.program.code, today.year, self.number)
        return Matter(
            unit=self.unit,
            order=order,
            ref=ref if standing is None else Ref.of(ref.code, standing.key),
            standing=standing,
            today=today,
            judging=self.judging,
        )

    def _note(self, standing: Standing, found: Candidate) -> None:
        """Keep what the row notes as a record, on a line of its own."""
        matter = self._matter(replace(self.order, key=None, reason=None), standing)
        note = Record("note", self.reader.today, text=found.note)
        self.changes.append(compose(matter, recorded(matter, note, found.agreement)))
