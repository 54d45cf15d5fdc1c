"""Judges every past decision by another policy: what that would have made of it (R54, R60).

The facts are those of the time: the document, the roles, the portfolio as it was. Places, limits
and money are counted as the other policy counts them. Each decision is judged by itself; what would
have followed from another answer is not played on.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from guards.conditions import Unmet, Verdict
from guards.kept import DOCUMENT
from guards.policy import Policy
from lifecycle.advance import GATE
from lifecycle.entry import Entry
from lifecycle.errors import StoreError
from lifecycle.recomputing.archive import Archive
from lifecycle.recomputing.courses import (
    DAMAGED,
    first_pass,
    judged_by,
    known_of,
    steps_in,
    turns_of,
)
from lifecycle.recomputing.judging import heard
from lifecycle.recomputing.narrowing import narrowed
from lifecycle.recomputing.past import GoneError, Known
from lifecycle.recomputing.saying import NotKeptError, Said, said
from lifecycle.recomputing.trials import Trial, Turn, at_most, tried
from states.records import DECIDED_KINDS, PRIORITY
from states.ref import Ref
from states.standing import Standing
from states.vocabulary import Event, Guard, Outcome, Severity

_DECIDES_NOTHING = frozenset(
    {Event.CREATED, Event.EDITED, Event.SCORED, Event.EVALUATED, Event.ATTACHED, Event.ERASED}
    | {Event.PUBLISHED}
)
"""Drafts and notes; a document is judged where it is decided on."""

_DECIDING = frozenset({f"record.{kind}" for kind in (*DECIDED_KINDS, PRIORITY)})
"""Records that are decisions."""


class Ruling(StrEnum):
    """What another policy makes of a decision."""

    SAME = "same"
    NOT_ADMITTED = "not_admitted"
    ADMITTED = "admitted"
    TYPE_UNKNOWN = "type_unknown"
    NOT_JUDGED = "not_judged"


@dataclass(frozen=True, slots=True)
class Opinion:
    """What another policy says of a decision; `why` where it can't be judged by it.

    Of a refusal that it admits, `was` is what refused it then.
    """

    ruling: Ruling
    verdicts: Said = ()
    was: Said = ()
    why: str | None = None


@dataclass(frozen=True, slots=True)
class Rejudged:
    """A decision, where it left its agreement, and what another policy says of it."""

    entry: Entry
    standing: Standing
    opinion: Opinion


def decides(turn: Turn) -> bool:
    """Whether a line is a decision: something that a policy lets pass or refuses."""
    if turn.entry.event is Event.RECORDED:
        beside = turn.moment.stream.sources.beside(turn.entry.n)
        return any(part.kind in _DECIDING for part in beside)
    return turn.entry.event not in _DECIDES_NOTHING


def rejudged(
    archive: Archive, policy: Policy, wanted: Callable[[Entry], bool], key: int | None = None
) -> Iterator[Rejudged]:
    """Yield what a policy says of every wanted decision, agreement by agreement (of one: `key`).

    Raises StoreError for a log that can't be followed.
    """
    known, other = _looked_back(archive, policy)
    for stream, lines in archive.streams():
        if key not in {None, stream}:
            continue
        steps = steps_in(known, stream, lines)
        turns = zip(turns_of(known, stream, steps), turns_of(other, stream, steps), strict=True)
        for mine, theirs in turns:
            if decides(mine) and wanted(mine.entry):
                yield Rejudged(mine.entry, mine.step.after, _opinion(mine, theirs, policy))


def _looked_back(archive: Archive, policy: Policy) -> tuple[Known, Known]:
    lost: str | Ref = archive.program.code
    try:
        known = known_of(archive)
        other = judged_by(known, policy)
        if not (damaged := first_pass(known, other)):
            return known, other
        lost = Ref.of(archive.program.code, damaged[0])
    except DAMAGED:
        pass
    message = f"the log of {lost} can't be followed, so that nothing can be judged once more"
    raise StoreError(message, "damaged", "lifecycle log verify says what is wrong with it")


def _opinion(mine: Turn, theirs: Turn, policy: Policy) -> Opinion:
    if _by_no_policy(mine.entry):
        return Opinion(Ruling.SAME)
    try:
        hearing = heard(mine)
        if hearing.trial is None:
            return _not_judged(f"its line is not in order: {hearing.faults[0].message}")
        return _asked(hearing.trial, theirs, policy)
    except (GoneError, NotKeptError) as error:
        return _not_judged(str(error))
    except DAMAGED as error:
        return _not_judged(f"what it rests on was altered ({error}); see lifecycle log verify")


def _not_judged(why: str, verdicts: Said = ()) -> Opinion:
    return Opinion(Ruling.NOT_JUDGED, verdicts, why=why)


def _by_no_policy(entry: Entry) -> bool:
    """Whether it was refused before any rule was asked: another version, state or agreement."""
    first = [one.guard for one in entry.guards[:1]]
    return entry.outcome is Outcome.REFUSED and first == [GATE]


def _asked(own: Trial, theirs: Turn, policy: Policy) -> Opinion:
    if own.matter.policy == policy:
        return Opinion(Ruling.SAME)
    code = own.turn.step.after.type
    if code not in policy.types:
        return Opinion(Ruling.TYPE_UNKNOWN, (_type_unknown(code),))
    other = tried(theirs, own.unit.rules, own.matter.today)
    least = said(other)
    most = said(at_most(other)) if other.unit.bounded else least
    ruling = _ruling(own, policy, least)
    if ruling is not _ruling(own, policy, most):
        known = narrowed(own, policy, least, most)
        if known is None:
            return _not_judged("others acted close by, and which came first can't be known", most)
        least, ruling = known, _ruling(own, policy, known)
    if ruling is Ruling.NOT_JUDGED:
        return _not_judged("it asks what was not asked then", least)
    return Opinion(ruling, least, _said_then(own) if ruling is Ruling.ADMITTED else ())


def _said_then(own: Trial) -> Said:
    """Return what refused it, be that only where others had taken the most that they can have."""
    least = said(own)
    return least if _against(least) or not own.unit.bounded else said(at_most(own))


def _ruling(own: Trial, policy: Policy, verdicts: Said) -> Ruling:
    against, refused = _against(verdicts), own.entry.outcome is Outcome.REFUSED
    if not against:
        return Ruling.ADMITTED if refused else Ruling.SAME
    if all(_unasked(unmet, own.matter.policy, policy) for unmet in against):
        return Ruling.NOT_JUDGED
    return Ruling.SAME if refused else Ruling.NOT_ADMITTED


def _against(verdicts: Said) -> list[Unmet]:
    return [
        unmet
        for verdict in verdicts
        if verdict.severity is Severity.BLOCK
        for unmet in verdict.unmet
        if not unmet.passes
    ]


def _unasked(unmet: Unmet, own: Policy, policy: Policy) -> bool:
    """Whether it is a question of the other policy's own, which nobody could answer then."""
    match unmet.guard, unmet.code:
        case Guard.CONDITIONS_MET, code:
            return code not in {condition.code for condition in own.conditions}
        case Guard.CRITERIA_SCORED, "scores.missing":
            return not own.criteria.items
        case Guard.CRITERIA_SCORED, "scores.other_version":
            return own.criteria.version != policy.criteria.version
        case Guard.CRITERIA_SCORED, _:
            return unmet.field not in {f"scores.{item.code}" for item in own.criteria.items}
        case _:
            return False


def _type_unknown(code: str) -> Verdict:
    unmet = Unmet(
        DOCUMENT,
        "type.unknown",
        f"Type unknown to this policy: {code}.",
        "choose a type that the policy knows: lifecycle policy show",
        "an agreement is of one of the policy's types",
        "REC3",
        "type",
    )
    return Verdict(DOCUMENT, Severity.BLOCK, (unmet,))
