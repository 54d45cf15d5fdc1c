"""What `lifecycle waive` does: gives the order that lets one unmet condition pass."""

from cli.output.receipts import give
from cli.output.streams import out, width
from cli.output.text import one_line, paragraphs
from cli.refs import named
from cli.runs.advance import trigger_of
from cli.session import opened
from cli.settings import Settings, Writing
from lifecycle.waiving import Condition, waive
from states.problem import InvalidInputError, Problem


def waive_one(settings: Settings, writing: Writing, text: str, words: str, word: str) -> int:
    """Waive a condition and print the receipt; returns the exit code."""
    condition, trigger = condition_of(words), trigger_of(word)
    with opened(settings) as session:
        ref = named(session, text).ref
        order = session.order(writing)
        receipt = session.carry_out(
            writing, lambda unit: waive(unit, order, ref, condition, trigger)
        )
    said = f"{condition} is waived for {trigger} by {order.actor.id}"
    code = give(
        settings,
        receipt,
        dry_run=writing.dry_run,
        said=one_line(f"{ref}: {said}, at version {receipt.version}."),
        waived={
            "guard": condition.guard,
            "code": condition.code,
            "field": condition.field,
            "for": trigger,
        },
    )
    if not (settings.json or receipt.refused):
        note = "It holds for this step and this version, and not where who waived it decides."
        out(f"{paragraphs(note, width())}\nNext: lifecycle check {ref} {trigger}\n")
    return code


def condition_of(text: str) -> Condition:
    """Return the condition that GUARD:CODE[:FIELD] names; raises InvalidInputError."""
    guard, _, rest = text.partition(":")
    code, _, field = rest.partition(":")
    if not (guard and code):
        message = f"{text!r} is not GUARD:CODE, such as endorsed:endorsement.missing"
        hint = "lifecycle check REF shows the code of each unmet condition"
        raise InvalidInputError([Problem("bad_condition", message, key="GUARD:CODE", hint=hint)])
    return Condition(guard, code, field or None)
