"""What became of a table that was taken over: for machines in full, for people with its sum."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from cli.output.shapes import Shape
from cli.output.streams import style, width
from cli.output.text import one_line, paragraphs
from lifecycle.intake.cells import Unexplained
from lifecycle.intake.intake import Intake, Table
from lifecycle.intake.partners import Question
from lifecycle.intake.reading import Refused
from lifecycle.intake.words import cut
from states.problem import Problem

MOST_TOLD = 50
"""Up to how many refused rows people are told of one by one."""

_MOST_WORDS = 12
_MOST_QUESTIONS = 6
_EXAMPLES = 4
_OPTIONS = {"type": "types", "status": "states", "country": "countries"}
_MEANINGS = {"type": "TYPE", "status": "STATE", "country": "COUNTRY"}
_EXPLAINED = frozenset({"unknown_type", "unknown_status", "unknown_country", "perhaps_known"})
_REASONS = {
    "contradiction": "two cells contradict each other",
    "future": "it lies in the future",
    "half_a_term": "a term has a first and a last day",
    "missing": "it is missing",
    "not_a_date": "it is no date",
    "not_a_day": "it is no day",
    "perhaps_known": "the partner may be known under another name",
    "perhaps_repeated": "it may be an agreement that is known already",
    "repeated": "the same agreement stands in another row",
    "self_pair": "a city is no partner of itself",
    "too_many_cells": "the row has more cells than the heading",
    "unknown_country": "it is no known country",
    "unknown_status": "it is no state to take over in",
    "unknown_type": "the policy has no such type",
    "unreadable_cell": "the cell can't be read",
}
"""What is wrong with rows, by code, where many of them are told together."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was imported, what became of it, and where the refused rows are."""

    table: Table
    intake: Intake
    rejects: str | None
    dry_run: bool


def intake_shape(outcome: Outcome) -> Shape:
    """Return what became of a table, with every refused row."""
    intake, tally = outcome.intake, outcome.intake.tally
    return {
        "rows": intake.rows,
        "taken": len(intake.taken),
        "unchanged": len(intake.unchanged),
        "refused": [_refused_shape(row) for row in intake.refused],
        "refs": [receipt.ref for receipt in intake.taken],
        "counted": intake.counted,
        "cap": intake.cap,
        "columns_not_used": list(outcome.table.columns.unused),
        "dry_run": outcome.dry_run,
        "left_out": intake.left_out,
        "ended": tally.ended,
        "decide_by": tally.decide_by,
        "without_term": tally.without_term,
        "review_by": tally.review_by,
        "date_unknown": tally.date_unknown,
        "named": [{"ref": receipt.ref, "alias": alias} for receipt, alias in intake.named],
        "words": [_words_shape(words, rows) for words, rows in intake.unexplained()],
        "questions": [_question_shape(one, rows) for one, rows in intake.asked()],
        "rejects": outcome.rejects,
    }


def _refused_shape(row: Refused) -> Shape:
    first, *others = (_problem_shape(problem) for problem in row.problems)
    named = {"partner": row.partner, "source": row.source}
    return {"row": row.row, **first, **named, "further": others}


def _problem_shape(problem: Problem) -> Shape:
    return {
        "column": problem.key,
        "code": problem.code,
        "message": problem.message,
        "suggestion": problem.hint,
    }


def _words_shape(words: Unexplained, rows: int) -> Shape:
    return {
        "field": words.field,
        "words": words.words,
        "rows": rows,
        "suggestion": words.suggestion,
        "option": _option(words),
    }


def _question_shape(one: Question, rows: int) -> Shape:
    return {
        "partner": one.name,
        "country": one.country,
        "known": one.known.name,
        "known_by": one.known.known_by,
        "rows": rows,
        "same": f'--partner "{one.same}"',
        "other": f'--partner "{one.other}"',
    }


def _option(words: Unexplained) -> str:
    meaning = words.suggestion or _MEANINGS[words.field]
    return f'--{_OPTIONS[words.field]} "{words.words}={meaning}"'


def intake_text(outcome: Outcome) -> str:
    """Return what became of a table, for people."""
    intake, room = outcome.intake, width()
    lines = [style("Dry run: this is what would be; nothing was stored.", fg="cyan")]
    lines = lines * outcome.dry_run
    lines += [paragraphs(one_line(text), room, rest="  ") for text in _told(outcome)]
    if len(intake.refused) > MOST_TOLD:
        lines += _reasons(intake.refused, room)
    else:
        for _alike, rows in groupby(enumerate(intake.refused), _alike_and_next):
            lines += _refused([row for _place, row in rows], room)
    lines += [*_words(intake, room), *_questions(intake, room)]
    lines += _what_to_do(outcome, room)
    return "\n".join(lines) + "\n"


def _told(outcome: Outcome) -> Iterator[str]:
    intake, tally = outcome.intake, outcome.intake.tally
    counts = (
        f"{len(intake.taken):,} taken over{_span(intake)}, {len(intake.unchanged):,} unchanged, "
        f"{len(intake.refused):,} refused."
    )
    total = "1 row" if intake.rows == 1 else f"{intake.rows:,} rows"
    yield f"{outcome.table.file}: {total}, {counts}"
    if intake.left_out:
        yield f"{intake.left_out:,} other rows were not meant, and left out."
    if intake.cap is not None:
        yield _cap(intake.counted, intake.cap)
    if tally.ended:
        by = f" by {tally.decide_by}" if tally.decide_by else ""
        yield f"Ended, and now in evaluation: {tally.ended:,}. What becomes of them is decided{by}."
    if tally.without_term:
        yield f"Without a term: {tally.without_term:,}. They are reviewed by {tally.review_by}."
    if tally.date_unknown:
        yield f"Taken over with the date of signing unknown: {tally.date_unknown:,}."
    for receipt, alias in intake.named:
        yield f"{receipt.ref} is known as {alias} too from now on."
    if unused := outcome.table.columns.unused:
        more = f" and {len(unused) - _MOST_WORDS} more" if len(unused) > _MOST_WORDS else ""
        yield f"Columns not used: {', '.join(unused[:_MOST_WORDS])}{more}."


def _span(intake: Intake) -> str:
    refs = [receipt.ref for receipt in intake.taken]
    if not refs:
        return ""
    return f" ({refs[0]})" if len(refs) == 1 else f" ({refs[0]} to {refs[-1]})"


def _cap(counted: int, cap: int) -> str:
    verb = "agreement holds" if counted == 1 else "agreements hold"
    held = f"{counted:,} {verb} a place of the {cap:,} under the cap"
    if counted > cap:
        over = f"{counted - cap:,} too many. No other can be activated before some have ended."
        return f"{held}: {over}"
    return f"{held}." if counted < cap else f"{held}: it is full."


def _alike_and_next(placed: tuple[int, Refused]) -> tuple[str, str | None, int]:
    """Return what rows have in common that follow each other and lack the same."""
    place, row = placed
    return *_wrong_with(row), row.row - place


def _wrong_with(row: Refused) -> tuple[str, str | None]:
    return "; ".join(problem.message for problem in row.problems), row.source


def _refused(rows: list[Refused], room: int) -> list[str]:
    wrong, source = _wrong_with(rows[0])
    numbers = f"row {rows[0].row}" if len(rows) == 1 else f"rows {rows[0].row} to {rows[-1].row}"
    names = ", ".join([numbers, *(cut(row.partner) for row in rows if row.partner)])
    head = paragraphs(one_line(f"{names}: {wrong}"), room, first="  ✗ ", rest="      ")
    lines = [style(head, fg="red")]
    if source:
        lines.append(paragraphs(one_line(f"source: {source}"), room, first="      "))
    return lines


def _reasons(refused: Sequence[Refused], room: int) -> Iterator[str]:
    """Yield why many rows were refused: each reason with its rows, the most frequent first."""
    found: defaultdict[tuple[str, str | None], list[Refused]] = defaultdict(list)
    for row in refused:
        for code, key in dict.fromkeys((p.code, p.key) for p in row.problems):
            found[code, key].append(row)
    yield "Why rows were refused:"
    for (code, key), rows in sorted(found.items(), key=lambda one: -len(one[1])):
        said = _REASONS.get(code, code.replace("_", " "))
        head = f"{f'{key}: ' if key else ''}{said}"
        first = f"{len(rows):>7,}  "
        yield style(paragraphs(one_line(head), room, first=first), fg="red")
        told = ", ".join(
            f"row {row.row} {cut(row.partner or '')}".rstrip() for row in rows[:_EXAMPLES]
        )
        more = f" and {len(rows) - _EXAMPLES:,} more" if len(rows) > _EXAMPLES else ""
        yield paragraphs(one_line(f"{told}{more}"), room, first=" " * len(first))


def _words(intake: Intake, room: int) -> Iterator[str]:
    """Yield each word that means nothing yet, with its rows and the option that explains it."""
    found = list(intake.unexplained())
    if found:
        yield "Words that are not known; say what they mean, or correct the cells:"
    for words, rows in found[:_MOST_WORDS]:
        yield paragraphs(one_line(_option(words)), room, first=f"{rows:>7,}  ")
    if len(found) > _MOST_WORDS:
        yield f"         ... and {len(found) - _MOST_WORDS} more; --json tells all of them"
    if allowed := list(_allowed(intake, {one.field for one, _rows in found})):
        yield paragraphs(" ".join(allowed), room, first="  ")


def _allowed(intake: Intake, fields: set[str]) -> Iterator[str]:
    """Yield which meanings there are for words of a field that has few."""
    for field in sorted(fields & {"type", "status"}):
        problems = (problem for row in intake.refused for problem in row.problems)
        allowed = next(p.allowed for p in problems if p.code == f"unknown_{field}")
        yield f"{_MEANINGS[field]}: {', '.join(allowed)}."


def _questions(intake: Intake, room: int) -> Iterator[str]:
    """Yield whether partners may be one, with the options that answer it."""
    found = list(intake.asked())
    if found:
        yield "Partners that may be one; say whether they are:"
    for one, rows in found[:_MOST_QUESTIONS]:
        known = f"{one.known.name} ({one.known.known_by})"
        first = f"{rows:>7,}  "
        yield paragraphs(one_line(f"{one.name} and {known}, {one.country}"), room, first=first)
        answers = f'the same: --partner "{one.same}"\nanother:  --partner "{one.other}"'
        yield paragraphs(answers, room, first=" " * len(first))
    if len(found) > _MOST_QUESTIONS:
        yield f"         ... and {len(found) - _MOST_QUESTIONS} more; --json tells all of them"


def _what_to_do(outcome: Outcome, room: int) -> Iterator[str]:
    """Yield each suggestion once, since many rows lack the same; then where the rows are."""
    refused = outcome.intake.refused
    if not refused:
        return
    hints = {
        (p.key, p.hint): None
        for row in refused[:MOST_TOLD]
        for p in row.problems
        if p.code not in _EXPLAINED
    }
    if hints:
        yield "What to do:"
    for key, hint in list(hints)[:_MOST_WORDS]:
        text = one_line(f"{key}: {hint}" if key else hint)
        yield paragraphs(text, room, first="  ", rest="    ")
    if outcome.rejects is not None:
        rows = "row is" if len(refused) == 1 else "rows are"
        text = f"The refused {rows} in {outcome.rejects}: correct it there, and import that file."
    elif len(refused) > MOST_TOLD:
        text = "Have them written to a file, to be corrected there: --rejects FILE.xlsx"
    else:
        return
    yield paragraphs(one_line(text), room, rest="  ")
