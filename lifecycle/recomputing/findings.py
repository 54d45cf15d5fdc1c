"""Goes through a whole log twice: what was there when, and then each line judged once more.

What makes a log's form (chains, seals, rows) is for others to check first: of a stream that can't
be followed, it is said once that nothing of it was judged.
"""

from collections.abc import Iterable, Iterator

from lifecycle.entry import Entry
from lifecycle.recomputing.archive import Archive
from lifecycle.recomputing.charter import program_faults
from lifecycle.recomputing.courses import DAMAGED, first_pass, known_of, steps_in, turns_of
from lifecycle.recomputing.instants import instant_of
from lifecycle.recomputing.judging import Fault, heard
from lifecycle.recomputing.past import Known, Moment, Stream
from lifecycle.recomputing.trials import Turn
from lifecycle.replay import Finding
from states.ref import Ref


def judged_findings(archive: Archive) -> Iterator[Finding]:
    """Yield every line that does not say what judging it once more says, and in what.

    Codes: `definition.unknown`, `line.foreign`, `line.contradicts`, `move.illegal`,
    `policy.differs`, `day.impossible`, `authority.differs`, `guard.differs`, `guard.unmet`,
    `refusal.groundless`, and `not.recomputed` for what can't be judged since it, or what it
    cites, was altered.
    """
    code = archive.program.code
    try:
        known = known_of(archive)
    except DAMAGED as error:
        yield _not_recomputed(code, None, error)
        return
    first_pass(known)
    yield from _of_program(known)
    for key, lines in archive.streams():
        ref = str(Ref.of(code, key))
        try:
            turns = turns_of(known, key, steps_in(known, key, lines))
        except DAMAGED as error:
            yield _not_recomputed(ref, None, error)
        else:
            yield from _of_stream(ref, turns)


def _of_program(known: Known) -> Iterator[Finding]:
    told, code = known.history, known.archive.program.code
    entries = {entry.n: entry for entry in told.entries}
    stream = Stream(code, known.archive.sources(None), entries)
    for entry, rules in zip(told.entries, told.before, strict=True):
        moment = Moment(known, stream, entry, known.instants.window(instant_of(entry)))
        try:
            found = list(_of_itself(moment, None)) or list(program_faults(moment, rules))
        except DAMAGED as error:
            yield _not_recomputed(code, entry.n, error)
        else:
            yield from _findings(code, entry, found)


def _of_stream(ref: str, turns: Iterable[Turn]) -> Iterator[Finding]:
    for turn in turns:
        try:
            found = list(_of_itself(turn.moment, ref)) or heard(turn).faults
        except DAMAGED as error:
            yield _not_recomputed(ref, turn.entry.n, error)
        else:
            yield from _findings(ref, turn.entry, found)


def _of_itself(moment: Moment, ref: str | None) -> Iterator[Fault]:
    """Yield what is wrong with what a line says of itself: where it belongs, and its table."""
    entry, program = moment.entry, moment.known.archive.program
    if (entry.program, entry.agreement, entry.sandbox) != (program.code, ref, program.sandbox):
        said = f"{entry.agreement or entry.program}{', a sandbox' if entry.sandbox else ''}"
        yield Fault("line.foreign", f"it says that it is of {said}")
    if moment.known.tables.of(entry.definition) is None:
        message = f"it names the transition table {entry.definition}, which nobody here knows"
        yield Fault("definition.unknown", message)


def _findings(stream: str, entry: Entry, found: Iterable[Fault]) -> Iterator[Finding]:
    for fault in found:
        message = f"line {entry.n} of {stream}: {fault.message}"
        yield Finding(stream, entry.n, fault.code, message)


def _not_recomputed(stream: str, n: int | None, error: Exception) -> Finding:
    where = f"line {n} of {stream}" if n else stream
    message = f"{where} can't be judged once more: {error}"
    return Finding(stream, n, "not.recomputed", message)
