"""What `lifecycle notices retry` does: lets go what waits, failed or is held, and delivers it.

It changes no agreement and so writes no line on the log; a refusal of it writes none either.
"""

from cli.asking import confirmed
from cli.logging import log_for_operators
from cli.mail.credentials import login
from cli.mail.delivery import Delivery, deliver
from cli.mail.settings import needed
from cli.output.conditions import conditions
from cli.output.mail import delivery_shape, delivery_text, digests
from cli.output.shapes import json_text, unmet_shape
from cli.output.streams import out, out_data, width
from cli.output.text import paragraphs
from cli.session import Session, opened
from cli.settings import Settings
from guards.conditions import Unmet
from lifecycle.authority import GATE, roles_of
from states.vocabulary import Role, Severity
from store.outbox import FAILED, HELD, WAITING, Outbox

NOT_ALL = 1

MAY_RETRY = (Role.STAFF, Role.ADMIN, Role.SCHEDULER)
"""The roles that may: who runs the check, and who is asked when somebody got no mail."""


def retry(settings: Settings, *, yes: bool) -> int:
    """Send what is left to send; returns the exit code."""
    with opened(settings) as session:
        refusal = _refusal(session)
        if refusal is not None:
            return _tell_refusal(settings, refusal)
        login(needed())
        outbox = Outbox(session.store)
        states = [WAITING, FAILED]
        if _held_too(outbox.counts().get(HELD, 0), yes=yes):
            states.append(HELD)
        outbox.release(states, session.now)
        done = deliver(session, log_for_operators().bind(program=session.code))
    return _tell(settings, done)


def _held_too(held: int, *, yes: bool) -> bool:
    if not held:
        return False
    question = f"{digests(held)} held since the database was restored: send them, too?"
    otherwise = f"{question} Say --yes, or run this on a terminal and answer."
    return confirmed(question, yes=yes, otherwise=otherwise)


def _refusal(session: Session) -> Unmet | None:
    if session.store.program.sandbox:
        return Unmet(
            GATE,
            "sandbox",
            "A sandbox sends no mail: what happens in it is not meant for anybody.",
            "look at a digest with lifecycle notices show; try mail with lifecycle notices test",
            "a sandbox is for learning and rehearsal",
            "R57",
        )
    actor = session.order().actor.id
    with session.store.reading() as reader:
        held = roles_of(reader, actor, session.today)
    if held.isdisjoint(MAY_RETRY):
        return Unmet(
            GATE,
            "role.missing",
            f"{actor} may not send digests: that is for {', '.join(MAY_RETRY[:-1])} or the"
            f" {MAY_RETRY[-1]}.",
            "ask who has that role; lifecycle role list shows them",
            "who sends what people are told is one of those who answer for it (R57)",
            "R57",
        )
    return None


def _tell_refusal(settings: Settings, unmet: Unmet) -> int:
    if settings.json:
        shapes = [unmet_shape(Severity.BLOCK, unmet, "")]
        nothing = delivery_shape(Delivery())
        out_data(json_text({**nothing, "outcome": "refused", "unmet": shapes}))
    else:
        head = paragraphs("Refused. Nothing was sent.", width())
        out(f"{head}\n{conditions([(Severity.BLOCK, unmet)], '')}")
    return NOT_ALL


def _tell(settings: Settings, done: Delivery) -> int:
    if settings.json:
        out_data(json_text({**delivery_shape(done), "outcome": "ok", "unmet": []}))
    else:
        out(delivery_text(done) or "Nothing waits to be sent.\n")
    return 0 if done.whole else NOT_ALL
