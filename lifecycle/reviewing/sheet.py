"""Reads a sheet that was filled in for a review: which agreement, which decision, on what ground.

A row without a decision is left undecided. What is wrong with any row is told of all of them at
once, and nothing is decided then.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from hashlib import sha256

from guards.policy import Policy
from lifecycle.reviewing.deciding import Choice, Decision
from states.problem import InvalidInputError, Problem
from states.ref import Ref

ANSWERS = ("decision", "type", "ground", "reason", "next_review")
"""The columns to be filled in: what is decided, and what that decision needs."""

NEEDED = ("ref", "decision")
"""The columns that a sheet can't do without."""

Cells = Mapping[str, str]
"""A row's texts by the headings of their columns."""

_UNDECIDED = frozenset({"", "skip"})


@dataclass(frozen=True, slots=True)
class Wanted:
    """What one row wants: the number of the row, and the version that it was filled in for."""

    row: int
    ref: Ref
    decision: Decision
    reason: str
    ground: str | None = None
    version: int | None = None

    @property
    def key(self) -> str | None:
        """The key by which the row is known again once it was carried out.

        Without the version of the agreement the same words may be meant anew, so there is none.
        """
        if self.version is None:
            return None
        said = replace(self, row=0)
        return f"review/{sha256(repr(said).encode()).hexdigest()[:32]}"


def decisions(
    rows: Iterable[tuple[int, Cells]], policy: Policy, reason: str | None = None
) -> Sequence[Wanted]:
    """Return what the rows of a sheet want; `reason` is for those that state none.

    Raises InvalidInputError with everything that is wrong, by row and column.
    """
    wanted: list[Wanted] = []
    problems: list[Problem] = []
    for number, cells in rows:
        texts = {name: text.strip() for name, text in cells.items() if text.strip()}
        if texts.get("decision", "").casefold() in _UNDECIDED:
            continue
        texts = {"reason": reason or "", **texts}
        if wrong := list(_problems(texts, policy, [one.ref for one in wanted])):
            problems += [replace(problem, line=number) for problem in wrong]
        else:
            wanted.append(_wanted(number, texts))
    if problems:
        raise InvalidInputError(problems)
    return wanted


def in_turn(wanted: Iterable[Wanted]) -> Sequence[Wanted]:
    """Return decisions in the order in which they are carried out.

    What ends comes first: its place under the cap is free then for what is reclassified.
    """
    return sorted(wanted, key=lambda one: (_TURN[one.decision.choice], one.row))


_TURN = {Choice.SUNSET: 0, Choice.KEEP: 1, Choice.RECLASSIFY: 2}


def _wanted(number: int, texts: Cells) -> Wanted:
    choice = Choice(texts["decision"].casefold())
    day = _day(texts.get("next_review"))
    return Wanted(
        row=number,
        ref=Ref.parse(texts["ref"]),
        decision=Decision(choice, texts.get("type"), day),
        reason=texts["reason"],
        ground=texts.get("ground"),
        version=_number(texts.get("version")),
    )


def _problems(texts: Cells, policy: Policy, before: Sequence[Ref]) -> Iterator[Problem]:
    yield from _about(texts, before)
    word = texts["decision"]
    if word.casefold() not in tuple(Choice):
        hint = "leave it blank to leave it undecided"
        yield _wrong("not_allowed", f"{word!r} is no decision", "decision", tuple(Choice), hint)
        return
    choice = Choice(word.casefold())
    if not texts["reason"]:
        yield _wrong("missing_key", f"why it is to {choice} is not stated", "reason")
    for column, (of, allowed) in _words(policy).items():
        yield from _stated(texts, column, allowed) if of is choice else _blank(texts, column, of)
    stated = texts.get("next_review")
    if stated and choice is Choice.SUNSET:
        yield _wrong("not_allowed", "what is sunset has no next review", "next_review")
    elif stated and _day(stated) is None:
        message = f"{stated!r} is not a day like 2027-06-30"
        yield _wrong("bad_date", message, "next_review")


def _about(texts: Cells, before: Sequence[Ref]) -> Iterator[Problem]:
    """Yield what is wrong with which agreement a row is about, and at which version."""
    try:
        ref = Ref.parse(texts.get("ref", ""))
    except ValueError:
        message = f"{texts.get('ref', '')[:60]!r} is not a reference like TOR-2026-003"
        yield _wrong("bad_ref", message, "ref")
    else:
        if ref in before:
            yield _wrong("repeated", f"{ref} stands in another row as well", "ref")
    version = texts.get("version")
    if version is not None and _number(version) is None:
        yield _wrong("wrong_type", f"{version!r} is no version", "version")


def _words(policy: Policy) -> Mapping[str, tuple[Choice, tuple[str, ...]]]:
    """Return the columns that one decision needs and the others leave blank, with their words."""
    return {
        "type": (Choice.RECLASSIFY, policy.reclassifiable),
        "ground": (Choice.SUNSET, policy.vocabulary.grounds),
    }


def _stated(texts: Cells, column: str, allowed: tuple[str, ...]) -> Iterator[Problem]:
    word = texts.get(column)
    if word is None:
        yield _wrong("missing_key", f"the {column} is not stated", column, allowed)
    elif word not in allowed:
        yield _wrong("not_allowed", f"{word!r} is not a {column} of the policy", column, allowed)


def _blank(texts: Cells, column: str, of: Choice) -> Iterator[Problem]:
    if column in texts:
        message = f"a {column} is stated for {of} alone"
        yield _wrong("not_allowed", message, column, hint="leave it blank")


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdecimal() else None


def _wrong(
    code: str, message: str, key: str, allowed: tuple[str, ...] = (), hint: str | None = None
) -> Problem:
    return Problem(code, message, key=key, allowed=allowed, hint=hint)
