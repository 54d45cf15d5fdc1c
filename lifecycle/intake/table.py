"""Takes over a whole portfolio from the rows of a table, in one transaction.

Each row stands for itself: it is taken over, or was before, or is refused with everything that is
wrong with it. What a row's line is told again by is its idempotency key, made of partner, country,
type and date of signing: it stays on the log whatever becomes of the agreement, so that the same
file changes nothing when it is read a second time, nor does a corrected one for the rows that were
taken from it.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from lifecycle.authority import authorise_program
from lifecycle.compose import refused_for_program
from lifecycle.intake.columns import Columns, Row
from lifecycle.intake.reading import Candidate, Countries, Reader, Refused, refused_by
from lifecycle.matter import judging, today_of
from lifecycle.order import Order, Receipt
from lifecycle.ports import Unit
from lifecycle.sheets import record
from lifecycle.takeover import take_over
from states.deeds import TAKE_OVER
from states.problem import InvalidInputError, Problem
from states.records import Record
from states.ref import Ref


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
    run = _Run(unit, order, reader)
    for row in table.rows:
        run.take(row)
    run.intake.counted = unit.counted_others(_NOBODY)
    run.intake.cap = policy.cap.at_most if policy.cap else None
    return run.intake


_NOBODY = 0


@dataclass(slots=True)
class _Run:
    unit: Unit
    order: Order
    reader: Reader
    intake: Intake = field(default_factory=Intake)
    seen: dict[str, int] = field(default_factory=dict)

    def take(self, row: Row) -> None:
        """Take one row over, or note why not."""
        found = self.reader.read(row)
        try:
            if isinstance(found, Refused):
                self.intake.refused.append(found)
            else:
                self._enter(found)
        except InvalidInputError as error:
            self.intake.refused.append(refused_by(error, row, self.reader.columns))

    def _enter(self, found: Candidate) -> None:
        first = self.seen.setdefault(found.key, found.row)
        if first != found.row:
            message = f"it is the same agreement as in row {first}"
            hint = "partner, country, type and date of signing are the same; keep one of them"
            raise InvalidInputError([Problem("repeated", message, key="partner", hint=hint)])
        order = replace(self.order, key=found.key)
        receipt = take_over(self.unit, order, found.agreement, found.state)
        (self.intake.unchanged if receipt.repeated else self.intake.taken).append(receipt)
        if found.note and not receipt.repeated:
            note = Record("note", self.reader.today, text=found.note)
            plain = replace(self.order, key=None, reason=None)
            record(self.unit, plain, Ref.parse(receipt.ref), note)
