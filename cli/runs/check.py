"""What `lifecycle check` does: asks the guards, and writes nothing."""

from collections.abc import Sequence

from cli.output.answers import Answer, csv_of, give, shape
from cli.output.conditions import step
from cli.output.obligations import owed_list, owed_shape
from cli.output.receipts import REFUSED
from cli.output.shapes import Shape, next_shape
from cli.output.streams import width
from cli.output.text import paragraphs
from cli.output.words import SHORT_DIGEST, policy_words, void_words
from cli.owed import owed_of
from cli.refs import Found, found
from cli.runs.advance import trigger_of
from cli.session import Session, opened
from cli.settings import Reading, Settings
from lifecycle.advance import barred, refusal
from lifecycle.checking import Next, check
from lifecycle.matter import judging, matter_of
from lifecycle.partners.obligations import DECIDED_WITH, Owed
from states.table import BY_TRIGGER
from states.vocabulary import Trigger
from store.reader import Reader

_KEYS = (
    "trigger",
    "to",
    "allowed",
    "guard",
    "code",
    "field",
    "severity",
    "message",
    "fix",
    "waived_by",
)


def check_one(settings: Settings, reading: Reading, text: str, word: str | None) -> int:
    """Print the steps that lead on from where an agreement stands; returns the exit code."""
    trigger = trigger_of(word) if word else None
    with opened(settings) as session, session.store.reading() as reader:
        agreement = found(reader, text)
        steps = _steps(session, reader, agreement, trigger)
        policy = judging(reader, agreement.standing, session.today).digest
        in_force = reader.policy_in_force(session.today)
        decides = any(move.trigger in DECIDED_WITH for move in steps)
        owed = owed_of(reader, agreement.standing, session.today) if decides else None
    judged_by = _judged_by(policy, in_force)
    shapes = [
        {**_shape(next_shape(move, policy, agreement.ref), owed or ()), "policy_in_force": in_force}
        for move in steps
    ]
    rows = [{**one, **unmet} for one in shapes for unmet in one["unmet"] or [{}]]
    answer = Answer(
        table=lambda: _text(agreement, steps, judged_by + _owed(owed)),
        json=shape(shapes),
        csv=csv_of(_KEYS, rows),
    )
    give(settings, reading, answer)
    return REFUSED if trigger and not steps[0].allowed else 0


def _judged_by(policy: str, in_force: str) -> str:
    words = f"Judged by the policy {policy_words(policy, in_force)}."
    if policy != in_force:
        words += f" What differs: lifecycle policy diff {policy[:SHORT_DIGEST]}"
    return paragraphs(words, width()) + "\n"


def _steps(
    session: Session, reader: Reader, agreement: Found, trigger: Trigger | None
) -> Sequence[Next]:
    steps = check(reader, session.order(), agreement.standing, trigger)
    if steps or trigger is None:
        return steps
    row, state = BY_TRIGGER[trigger], agreement.standing.state
    matter = matter_of(reader, session.order(), agreement.standing, session.today)
    verdicts = (
        barred(matter)
        or refusal(
            "not_from_here",
            f"It is in {state}; {trigger} leads from {' or '.join(row.sources)}.",
            "see what may be done next: lifecycle check REF",
            "an agreement moves along the transition table",
        ).verdicts
    )
    return [Next(trigger, row.target, row.by, verdicts)]


def _shape(step: Shape, owed: Sequence[Owed]) -> Shape:
    """Return a step, with what each side owed where that is decided with (R45)."""
    if step["trigger"] not in DECIDED_WITH:
        return step
    return {**step, "obligations": [owed_shape(one) for one in owed]}


def _owed(owed: Sequence[Owed] | None) -> str:
    """Return what each side owed; None is where that is not decided with."""
    if owed is None:
        return ""
    none = "  Nothing that either side owed is stated in the document.\n"
    return f"\nWhat each side owed, and what became of it:\n{owed_list(owed) or none}"


def _text(agreement: Found, steps: Sequence[Next], judged_by: str) -> str:
    standing = agreement.standing
    head = f"{agreement.ref} is in {standing.state}, version {standing.version}.\n"
    if not steps:
        why = void_words(standing) if standing.voided else f"{standing.state} is final"
        return f"{head}Nothing comes next: {why}.\n"
    told = "".join(f"\n{step(move, str(agreement.ref))}" for move in steps)
    return f"{head}{judged_by}{told}"
