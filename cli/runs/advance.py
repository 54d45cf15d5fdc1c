"""What `lifecycle advance` does: asks where there is no way back, then gives the order."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from typing import Any

from cli.asking import agreed, can_ask, confirmed
from cli.bringing import Bringing, brought, tell
from cli.output.obligations import owed_list
from cli.output.receipts import REFUSED, give
from cli.output.streams import out, talk
from cli.owed import owed_of
from cli.papers import papers_of
from cli.refs import Found, named
from cli.session import Session, opened
from cli.settings import Settings, Writing
from lifecycle.advance import advance
from lifecycle.partners.obligations import DECIDED_WITH
from states.deeds import pulling
from states.problem import InvalidInputError, Problem
from states.vocabulary import FINAL, Trigger

_ASKED: Mapping[Trigger, str] = {
    Trigger.DECLINE: "It stays declined for good.",
    Trigger.WITHDRAW: "It stays withdrawn for good.",
    Trigger.TERMINATE: "Its term ends early, and it goes to evaluation.",
    Trigger.SUNSET: "It ends for good.",
}
"""What a trigger that asks first brings about."""


@dataclass(frozen=True, slots=True)
class Act:
    """What is to be done, as it was typed."""

    trigger: str
    ground: str | None
    on_behalf_of: str | None
    item: str | None
    effective: date | None
    files: tuple[str, ...] = ()


def trigger_of(word: str) -> Trigger:
    """Return the trigger of this name; raises InvalidInputError with those that there are."""
    try:
        return Trigger(word.lower())
    except ValueError:
        close = get_close_matches(word.lower(), list(Trigger), n=1)
        hint = f"did you mean {close[0]}?" if close else "lifecycle check REF shows what leads on"
        message = f"there is no trigger {word!r}"
        problem = Problem("unknown_trigger", message, None, None, "TRIGGER", tuple(Trigger), hint)
        raise InvalidInputError([problem]) from None


def advance_one(settings: Settings, writing: Writing, text: str, act: Act) -> int:
    """Pull a trigger on an agreement and print the receipt; returns the exit code."""
    trigger = trigger_of(act.trigger)
    with opened(settings) as session:
        agreement = named(session, text)
        ref = agreement.ref
        failed = trigger in DECIDED_WITH and _told_of_obligations(session, agreement)
        if not _confirmed(writing, agreement, trigger, failed=failed):
            talk("Nothing was changed.\n")
            return REFUSED
        order = session.order(
            writing,
            ground=act.ground,
            on_behalf_of=act.on_behalf_of,
            item=act.item,
            effective_on=act.effective,
        )
        papers = papers_of(session, agreement.standing, act.files, _kind(act, trigger))
        bringing = Bringing(ref, order, pulling(trigger), papers)
        receipt, attached = brought(
            session, writing, bringing, lambda unit, order, ref: advance(unit, order, ref, trigger)
        )
    files: dict[str, Any] = {"attached": [a.shape() for a in attached]} if papers else {}
    code = give(settings, receipt, dry_run=writing.dry_run, **files)
    tell(bringing, receipt, attached)
    if not (settings.json or receipt.refused or writing.dry_run or receipt.to in FINAL):
        out(f"Next: lifecycle check {ref}\n")
    return code


def _kind(act: Act, trigger: Trigger) -> str:
    """Return what the files are that come with an act."""
    if act.on_behalf_of:
        return "resolution"
    return "signed" if trigger is Trigger.SIGN else "evidence"


def _told_of_obligations(session: Session, agreement: Found) -> bool:
    """Tell what each side owed; returns whether the partner failed to do something (R45)."""
    with session.store.reading() as reader:
        owed = owed_of(reader, agreement.standing, session.today)
    if owed:
        talk(f"What each side owed, and what became of it:\n{owed_list(owed)}")
    return any(one.failed and one.obligation.side == "partner" for one in owed)


def _confirmed(writing: Writing, agreement: Found, trigger: Trigger, *, failed: bool) -> bool:
    """Ask where there is no way back, and on a terminal where the partner failed to deliver."""
    sure = writing.yes or writing.dry_run
    title = f"{agreement.standing.title}, in {agreement.standing.state}"
    asked = f"{trigger.capitalize()} {agreement.ref} ({title})"
    if trigger not in _ASKED:
        question = f"{asked} although the partner has not done all that it owed?"
        return sure or not failed or not can_ask() or agreed(question, usual=False)
    return confirmed(
        f"{asked}? {_ASKED[trigger]}",
        yes=sure,
        otherwise=f"{trigger} asks first, and nobody can answer here: say --yes to do it.",
    )
