"""What `lifecycle policy adopt` does: approves a policy, or puts it in force."""

from dataclasses import dataclass
from datetime import date

import click

from cli.output.receipts import give
from cli.output.streams import out, width
from cli.output.text import one_line, paragraphs
from cli.policies import named
from cli.session import opened
from cli.settings import Settings, Writing
from lifecycle.adoption import adopt
from lifecycle.order import Receipt
from states.vocabulary import Event


@dataclass(frozen=True, slots=True)
class Adopting:
    """Which policy is to be adopted, from when and for whom, as it was typed."""

    name: str
    effective: date | None
    on_behalf_of: str | None
    item: str | None


def adopt_policy(settings: Settings, writing: Writing, act: Adopting) -> int:
    """Adopt a policy and print the receipt; returns the exit code."""
    if writing.expect_version is not None:
        message = "a policy has no version to expect."
        raise click.UsageError(message)
    rules = named(act.name)
    policy = rules.parsed()
    with opened(settings) as session:
        order = session.order(writing, on_behalf_of=act.on_behalf_of, item=act.item)
        receipt = session.carry_out(
            writing, lambda unit: adopt(unit, order, rules.body, policy, act.effective)
        )
    first = receipt.event is Event.APPROVED
    said = _approved(receipt, rules.name, order.actor.id) if first else None
    code = give(
        settings,
        receipt,
        dry_run=writing.dry_run,
        said=said,
        policy=rules.name,
        in_force=not (first or receipt.refused),
    )
    if first and not settings.json:
        text = f"Next, by another decider: lifecycle policy adopt {act.name}"
        out(paragraphs(one_line(text), width()) + "\n")
    return code


def _approved(receipt: Receipt, name: str, actor: str) -> str:
    day = receipt.effective_on
    return one_line(
        f"{receipt.ref}: the policy {name} is approved by {actor}, from {day} on. It is not in"
        " force yet: another decider puts it in force with the same command."
    )
