"""A review as one session on a terminal: one agreement after the other, each decided at once."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from cli.asking import asked
from cli.output.review import Done, card, decided_text, done_shape, refusal_lines, summary
from cli.output.shapes import json_text
from cli.output.streams import out, out_data, style, talk, width
from cli.output.text import one_line, paragraphs
from cli.output.words import plural
from cli.reviewing import Reviewing
from guards.policy import Policy
from lifecycle.ports import Ledger
from lifecycle.reviewing.agenda import Asked, Item, agenda
from lifecycle.reviewing.carrying import Outcome
from lifecycle.reviewing.deciding import Choice, Decision
from lifecycle.reviewing.sheet import Wanted

_KEYS = {
    "k": Choice.KEEP,
    "r": Choice.RECLASSIFY,
    "s": Choice.SUNSET,
    **{choice.value: choice for choice in Choice},
}
_NEXT, _STOP = frozenset({"", "n", "next", "skip"}), frozenset({"q", "stop", "quit"})

_BACK = frozenset({"", "b", "back"})


class _StoppedError(Exception):
    """Whoever reviews has stopped."""


def hold_session(reviewing: Reviewing, items: Sequence[Item]) -> int:
    """Ask about each agreement and carry out what is decided; returns the exit code.

    Stopping, by an answer or the end of input, loses nothing of what was decided before.
    """
    count = plural(len(items), "agreement")
    note = "Each decision is carried out at once; stop whenever you like."
    talk(paragraphs(f"{count} to be reviewed. {note if items else ''}", width()) + "\n")
    if reviewing.writing.dry_run:
        talk("Dry run: nothing is stored.\n")
    done: list[Outcome] = []
    try:
        for place, item in enumerate(items, 1):
            if outcome := _decided(reviewing, item, f"{place} of {len(items)}"):
                done.append(outcome)
    except _StoppedError:
        talk("Stopped.\n")
    _tell(reviewing, Done("", len(items), done))
    return 0


def _decided(reviewing: Reviewing, item: Item, place: str) -> Outcome | None:
    """Ask about one agreement until it is decided or passed over."""
    now: Item | None = item
    while now is not None:
        talk(f"\n{card(now, place, reviewing.session.today)}")
        wanted = _wanted(now, reviewing)
        if wanted is None:
            return None
        dry_run = reviewing.writing.dry_run
        with reviewing.session.ledger(dry_run=dry_run) as ledger:
            outcome = reviewing.carried_out(ledger, wanted)
            now = _with_standing(ledger, now)
        if not outcome.refused:
            _say(reviewing, outcome, now)
            return outcome
        refused = style(f"{wanted.decision.choice} was refused; nothing of it was done.", fg="red")
        talk("\n".join([refused, *refusal_lines(outcome)]) + "\n")
        now = _again(reviewing, now)
    talk("It has ended meanwhile, or was voided.\n")
    return None


def _wanted(item: Item, reviewing: Reviewing) -> Wanted | None:
    """Ask for a decision with all that it needs; None where the agreement is passed over."""
    policy = _policy(reviewing)
    while True:
        said = _ask("keep, reclassify, sunset, next or stop? [k/r/s/n/q] ").casefold()
        if said in _STOP:
            raise _StoppedError
        if said in _NEXT:
            return None
        stated = _stated(_KEYS[said], item, policy) if said in _KEYS else None
        if stated is None:
            continue
        reason = reviewing.writing.reason or _ask("Why? It is kept on the log. [Enter goes back] ")
        if reason:
            decision, ground = stated
            return Wanted(0, item.ref, decision, reason, ground, item.standing.version)


def _stated(choice: Choice, item: Item, policy: Policy) -> tuple[Decision, str | None] | None:
    """Ask for what a decision needs, its ground apart; None to go back."""
    match choice:
        case Choice.RECLASSIFY:
            codes = [code for code in policy.reclassifiable if code != item.standing.type]
            type_ = _one_of("Which type?", codes, item.advice.type)
            return (Decision(choice, type_), None) if type_ else None
        case Choice.SUNSET:
            grounds = list(policy.vocabulary.grounds)
            ground = _one_of("On which ground?", grounds, item.advice.ground)
            return (Decision(choice), ground) if ground else None
        case Choice.KEEP if item.standing.term_end is None:
            day = _day("The day of its next review? [YYYY-MM-DD, Enter for the policy's] ")
            return Decision(choice, next_review=day), None
        case _:
            return Decision(choice), None


def _one_of(question: str, options: Sequence[str], usual: str | None) -> str | None:
    """Let somebody choose by number or by word; Enter takes what is suggested, `b` goes back."""
    for number, option in enumerate(options, 1):
        talk(f"  {number}  {one_line(option)}{' (suggested)' if option == usual else ''}\n")
    numbers = f"1-{len(options)}" if len(options) > 1 else "1"
    enter = f", Enter for {usual}" if usual in options else ""
    while True:
        said = _ask(f"{question} [{numbers}{enter}, b goes back] ")
        said = said or (usual or "")
        if said in _BACK:
            return None
        if said in options:
            return said
        if said.isascii() and said.isdecimal() and 1 <= int(said) <= len(options):
            return options[int(said) - 1]


def _day(question: str) -> date | None:
    while said := _ask(question):
        try:
            return date.fromisoformat(said)
        except ValueError:
            talk("That is no day like 2027-06-30.\n")
    return None


def _ask(question: str) -> str:
    said = asked(question)
    if said is None:
        raise _StoppedError
    return said


def _again(reviewing: Reviewing, item: Item) -> Item | None:
    """Return the agreement as it is now: it may have changed, or ended, meanwhile."""
    session = reviewing.session
    with session.store.reading() as reader:
        policy = reader.policy(reader.policy_in_force(session.today))
        return next(agenda(reader, policy, session.today, Asked(refs=(item.ref,))), None)


def _policy(reviewing: Reviewing) -> Policy:
    session = reviewing.session
    with session.store.reading() as reader:
        return reader.policy(reader.policy_in_force(session.today))


def _with_standing(ledger: Ledger, item: Item) -> Item:
    """Return an agreement as it stands after it was decided on, be it in a dry run."""
    with ledger.unit() as unit:
        standing = unit.standing(item.ref.key)
    return replace(item, standing=standing or item.standing)


def _say(reviewing: Reviewing, outcome: Outcome, after: Item) -> None:
    """Tell what was done: to standard output, unless that is for JSON."""
    (talk if reviewing.session.settings.json else out)(decided_text(outcome, after.standing))


def _tell(reviewing: Reviewing, done: Done) -> None:
    dry_run = reviewing.writing.dry_run
    if reviewing.session.settings.json:
        out_data(json_text(done_shape(done, dry_run=dry_run)))
    else:
        out(f"\n{paragraphs(summary(done), width())}\n")
