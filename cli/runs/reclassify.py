"""What `lifecycle reclassify` does: another type, and the review date that comes with it."""

from cli.acting import Acting
from cli.carrying import Carrying, Telling
from cli.output.receipts import REFUSED
from cli.output.shapes import Shape
from cli.refs import named
from cli.session import opened
from cli.settings import Settings, Writing
from lifecycle.order import Order, Receipt
from lifecycle.ports import Unit
from lifecycle.reclassifying import reclassify
from states.deeds import RECLASSIFY
from states.ref import Ref


def reclassify_one(
    settings: Settings, writing: Writing, text: str, kind: str, acting: Acting
) -> int:
    """Reclassify an agreement and print the receipt; returns the exit code."""
    with opened(settings) as session:
        agreement = named(session, text)
        before = agreement.standing
        became = [before]

        def act(unit: Unit, order: Order, ref: Ref) -> Receipt:
            receipt = reclassify(unit, order, ref, kind)
            became.append(unit.standing(ref.key) or before)
            return receipt

        def more() -> Shape:
            after = became[-1]
            former = after.former_type
            return {"former_type": former, "type": after.type, "review": after.review}

        def said() -> str:
            after = became[-1]
            return f"{before.type} → {after.type}; to be reviewed on {after.review}.\n"

        words = ("--type", kind)
        telling = Telling(words, then=lambda _receipt: said(), more=more, dry=said)
        carrying = Carrying(session, writing, agreement, acting)
        receipt = carrying.out(RECLASSIFY, act, telling)
    return REFUSED if receipt.refused else 0


def types_of(settings: Settings) -> tuple[str, ...]:
    """Return the types that the policy in force lets signed agreements be reclassified into."""
    with opened(settings) as session, session.store.reading() as reader:
        return reader.policy(reader.policy_in_force(session.today)).reclassifiable
