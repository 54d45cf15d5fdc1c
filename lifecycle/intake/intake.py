"""What became of a table: every row that was meant is taken, unchanged or refused."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from itertools import chain

from lifecycle.intake.cells import Unexplained
from lifecycle.intake.columns import Columns, Row
from lifecycle.intake.legend import Legend
from lifecycle.intake.partners import Question
from lifecycle.intake.reading import Refused
from lifecycle.order import Receipt


@dataclass(frozen=True, slots=True)
class Table:
    """A table of agreements: where it comes from, what its columns are, its rows.

    The rows can be gone through more than once, and are about as many as `length`; `legend` is
    what was said of them.
    """

    file: str
    columns: Columns
    rows: Iterable[Row]
    length: int
    legend: Legend = field(default_factory=Legend)


@dataclass(slots=True)
class Tally:
    """How many of the rows that were taken have what people should hear of."""

    ended: int = 0
    decide_by: date | None = None
    without_term: int = 0
    review_by: date | None = None
    date_unknown: int = 0


@dataclass(slots=True)
class Intake:
    """What became of a table; `left_out` are the rows that were not meant.

    `counted` agreements hold a place under the cap of `cap` afterwards. `named` are the agreements
    on record that are now known under another name too. `denied` is the receipt of the refusal
    where who gives the order may not: then no row was looked at.
    """

    taken: list[Receipt] = field(default_factory=list)
    unchanged: list[Receipt] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)
    questions: list[tuple[Question, int]] = field(default_factory=list)
    named: list[tuple[Receipt, str]] = field(default_factory=list)
    left_out: int = 0
    tally: Tally = field(default_factory=Tally)
    counted: int = 0
    cap: int | None = None
    denied: Receipt | None = None

    @property
    def rows(self) -> int:
        """How many rows there were."""
        return len(self.taken) + len(self.unchanged) + len(self.refused)

    def unexplained(self) -> Iterator[tuple[Unexplained, int]]:
        """Yield words that mean nothing yet, each once with its rows, the most frequent first."""
        words = chain.from_iterable(row.unexplained for row in self.refused)
        yield from Counter(words).most_common()

    def asked(self) -> Iterator[tuple[Question, int]]:
        """Yield the questions that nobody has answered, each once with its rows."""
        yield from Counter(question for question, _row in self.questions).most_common()
