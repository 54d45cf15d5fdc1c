"""Which lines of an agreement's log can be corrected: records, present sheets, the last move."""

from collections.abc import Iterator
from dataclasses import dataclass

from cli.refs import Found
from lifecycle.entry import entry_of
from states.problem import InvalidInputError, Problem
from states.records import Record
from states.vocabulary import Event
from store.reader import Reader

SCORES, EVALUATION, TRANSITION = "scores", "evaluation", "transition"


@dataclass(frozen=True, slots=True)
class Line:
    """A line that can be corrected: what it brought, in words, and the record where it is one."""

    n: int
    kind: str
    words: str
    record: Record | None = None


def correctable_line(reader: Reader, agreement: Found, n: int) -> Line:
    """Return what line `n` brought; raises InvalidInputError with those that can be corrected."""
    lines = sorted(_lines(reader, agreement), key=lambda line: line.n)
    found = next((line for line in lines if line.n == n), None)
    if found is not None:
        return found
    message = f"line {n} of {agreement.ref} can't be corrected" + (
        "" if lines else ", nor can any other: there is no record, sheet or transition"
    )
    allowed = tuple(f"--entry {line.n}  {line.words}" for line in lines)
    hint = None if lines else f"correct the document: lifecycle correct {agreement.ref}"
    raise InvalidInputError([Problem("no_line", message, None, None, "--entry", allowed, hint)])


def _lines(reader: Reader, agreement: Found) -> Iterator[Line]:
    standing = agreement.standing
    for n, record in reader.records(standing.key):
        yield Line(n, f"record.{record.kind}", f"a record: {record.kind} of {record.on}", record)
    if standing.score_n is not None:
        yield Line(standing.score_n, SCORES, "the scores that count today")
    if standing.evaluation_n is not None:
        yield Line(standing.evaluation_n, EVALUATION, "the evaluation that counts today")
    if standing.moved_n:
        words = "the last transition"
        for entry in map(entry_of, reader.lines(standing.key, after=standing.moved_n - 1)):
            if entry.n == standing.moved_n and entry.event is Event.TRANSITIONED:
                move = f"{entry.trigger}, {entry.from_} → {entry.to}"
                words = f"the last transition ({move}, on {entry.effective_on})"
            break
        yield Line(standing.moved_n, TRANSITION, words)
