"""Takes over a whole portfolio from the rows of a table, in one transaction.

Each row stands for itself: it is taken over, or was before, or is refused with everything that is
wrong with it. What a row's line is told again by is its idempotency key, made of partner, country,
type and date of signing: it stays on the log whatever becomes of the agreement, so that the same
file changes nothing when it is read a second time, nor does a corrected one for the rows that were
taken from it.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice

from lifecycle.authority import authorise_program
from lifecycle.compose import compose, receipt_of, refused_for_program, repeated_by
from lifecycle.drafting import apply
from lifecycle.intake.columns import Row
from lifecycle.intake.intake import Intake, Table
from lifecycle.intake.legend import check_legend
from lifecycle.intake.partners import Directory, UnansweredError
from lifecycle.intake.ports import Exonyms
from lifecycle.intake.reading import Candidate, Reader, Refused
from lifecycle.intake.words import Countries, short
from lifecycle.matter import Judging, Matter, judging, today_of
from lifecycle.order import Order, Receipt
from lifecycle.ports import Change, Unit
from lifecycle.sheets import recorded
from lifecycle.takeover import taken_over
from states.agreement import UNKNOWN
from states.deeds import TAKE_OVER
from states.problem import InvalidInputError, Problem
from states.records import Record
from states.ref import Ref
from states.standing import Standing
from states.vocabulary import FINAL, Event, State

BATCH = 500
"""How many rows are written together: what is held in memory of a table of any length."""

_NOBODY = 0
_MOST_TOLD = 12

Observe = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Places:
    """What is known of the world: countries, and the names of cities."""

    countries: Countries
    exonyms: Exonyms


def take_over_table(
    unit: Unit,
    order: Order,
    table: Table,
    places: Places,
    observe: Observe = lambda _rows: None,
) -> Intake:
    """Take over the rows of a table; what is refused leaves no trace on the log (R46, R47, R48).

    `observe` is told how many more rows were gone through. Raises InvalidInputError for a legend
    that says what can't be.
    """
    legend = table.legend
    unit.lock_program()
    today = today_of(unit, order)
    rules = judging(unit, None, today)
    authority = authorise_program(unit, order, TAKE_OVER, today, rules)
    if authority.refusal:
        denied = refused_for_program(unit, order, today, rules.digest, authority)
        return Intake(denied=denied)
    check_legend(legend, rules.policy, places.countries)
    reader = Reader(table.file, table.columns, rules.policy, places.countries, today, legend)
    directory = Directory(places.exonyms, legend.partners)
    for one in unit.on_record():
        directory.read(one, rules.policy.program)
    run = _Run(unit, order, reader, rules, directory, unit.next_number(today.year))
    for rows in _batches(table.rows):
        run.take(rows)
        observe(len(rows))
    return run.ended()


def _batches(rows: Iterable[Row]) -> Iterator[list[Row]]:
    left = iter(rows)
    while batch := list(islice(left, BATCH)):
        yield batch


@dataclass(frozen=True, slots=True)
class _Met:
    """A row whose partner is found out; `alias` is what the row calls it for the first time."""

    row: Row
    found: Candidate
    key: str
    alias: str | None


@dataclass(slots=True)
class _Run:
    """The program is locked, so that its next number is known without asking again."""

    unit: Unit
    order: Order
    reader: Reader
    judging: Judging
    directory: Directory
    number: int
    intake: Intake = field(default_factory=Intake)
    seen: dict[str, int] = field(default_factory=dict)
    passed: dict[str, None] = field(default_factory=dict)
    changes: list[Change] = field(default_factory=list)

    def take(self, rows: Sequence[Row]) -> None:
        """Take some rows over, or note why not."""
        met = [one for row in rows if (one := self._meet(row)) is not None]
        before = self.unit.lines_by_keys([one.key for one in met])
        for one in met:
            try:
                self._enter(one, before)
            except InvalidInputError as error:
                self.intake.refused.append(self.reader.refused(one.row, *error.problems))
        self.unit.write(self.changes)
        self.changes.clear()

    def ended(self) -> Intake:
        """Return what became of the table; raises InvalidInputError where no row was meant."""
        if self.passed and not self.intake.rows:
            raise InvalidInputError([self._none_meant()])
        self.intake.refused.sort(key=lambda refused: refused.row)
        cap = self.reader.policy.cap
        self.intake.counted = self.unit.counted_others(_NOBODY)
        self.intake.cap = cap.at_most if cap else None
        return self.intake

    def _meet(self, row: Row) -> _Met | None:
        """Read a row and find out whom it is with; None where it is refused or not meant."""
        columns = self.reader.columns
        if row.is_remark:
            return None
        if not columns.meant(row):
            self.intake.left_out += 1
            if len(self.passed) < _MOST_TOLD:
                said = (
                    row.cells[at] for at, _heading, _words in columns.only if at < len(row.cells)
                )
                self.passed[", ".join(said)] = None
            return None
        found = self.reader.read(row)
        if isinstance(found, Refused):
            self.intake.refused.append(found)
            return None
        own, country = found.partner, found.country
        try:
            known = self.directory.knows(country, own)
            found = found.called(self.directory.partner(found), self.reader.policy)
        except UnansweredError as error:
            self.intake.questions.append((error.question, row.number))
            self.intake.refused.append(self.reader.refused(row, *error.problems))
            return None
        except InvalidInputError as error:
            self.intake.refused.append(self.reader.refused(row, *error.problems))
            return None
        self.directory.meet(found)
        return _Met(row, found, found.key, None if known or own == found.partner else own)

    def _none_meant(self) -> Problem:
        wanted = " and ".join(
            f"{heading} = {' or '.join(sorted(words))}"
            for _at, heading, words in self.reader.columns.only
        )
        hint = f"what the rows say: {short('; '.join(self.passed))}"
        return Problem("none_meant", f"no row has {wanted}", key="--only", hint=hint)

    def _enter(self, met: _Met, before: Mapping[str, bytes]) -> None:
        found, key = met.found, met.key
        first = self.seen.setdefault(key, found.row)
        if first != found.row:
            message = f"it is the same agreement as in row {first}"
            hint = "partner, country, type and date of signing are the same; keep one of them"
            raise InvalidInputError([Problem("repeated", message, key="partner", hint=hint)])
        order = replace(self.order, key=key)
        if key in before:
            known = repeated_by(before[key], order, Event.TAKEN_OVER)
            self.intake.unchanged.append(known)
            self._name(known, met.alias)
            return
        if problem := self.directory.resembles(found):
            raise InvalidInputError([problem])
        matter = self._matter(order)
        draft = taken_over(matter, found.agreement, found.state)
        change = compose(matter, draft)
        self.number += 1
        self.changes.append(change)
        self.directory.take(found)
        self.intake.taken.append(receipt_of(change, draft))
        self._count(found, change.after)
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

    def _name(self, known: Receipt, alias: str | None) -> None:
        """Keep another name of a partner on the agreement that is on record."""
        ref = Ref.parse(known.ref)
        standing = self.unit.standing(ref.key) if alias else None
        if alias is None or standing is None or standing.state in FINAL or standing.voided:
            return
        document = self.unit.document(standing)
        named = replace(document, aliases=(*document.aliases, alias))
        receipt = apply(self.unit, replace(self.order, key=None), ref, named)
        self.intake.named.append((receipt, alias))

    def _count(self, found: Candidate, after: Standing) -> None:
        tally = self.intake.tally
        tally.date_unknown += found.signed == UNKNOWN
        if after.state is State.EVALUATION:
            tally.ended += 1
            tally.decide_by = after.due
        elif after.term_end is None and found.agreement.review is None:
            tally.without_term += 1
            tally.review_by = after.review
