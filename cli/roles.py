"""Changes of roles from the command line: the words of it, the order, the receipt."""

import click

from cli.output.receipts import give
from cli.output.streams import out, width
from cli.output.text import one_line, paragraphs
from cli.session import Session, opened
from cli.settings import Settings, Writing
from lifecycle.appointing import appoint
from lifecycle.authority import open_to_all
from lifecycle.order import Receipt
from lifecycle.ports import Unit
from states.problem import InvalidInputError, Problem
from states.roles import Holdings, RoleChange
from states.vocabulary import Outcome, Role


def role_of(word: str) -> Role:
    """Return the role of this name; raises InvalidInputError with those that there are."""
    try:
        return Role(word.lower())
    except ValueError:
        message = f"there is no role {word!r}"
        problem = Problem("unknown_role", message, key="ROLE", allowed=tuple(Role))
        raise InvalidInputError([problem]) from None


def change_role(settings: Settings, writing: Writing, change: RoleChange) -> int:
    """Grant or revoke a role and print the receipt; returns the exit code."""
    if writing.expect_version is not None:
        message = "a role has no version to expect."
        raise click.UsageError(message)
    with opened(settings) as session:
        order = session.order(writing)
        first = False

        def use(unit: Unit) -> tuple[Receipt, Holdings]:
            nonlocal first
            first = open_to_all(unit)
            return appoint(unit, order, change), unit.roles()

        receipt, holdings = session.carry_out(writing, use)
        code = give(
            settings,
            receipt,
            dry_run=writing.dry_run,
            said=_said(session, receipt, change),
            name=change.name,
            role=change.role,
            granted=change.granted,
            until=change.until,
        )
        told = receipt.outcome is Outcome.OK and not settings.json
        if told and first:
            out(_first(order.actor.id, holdings))
        elif told and not change.granted:
            out(_ended(change))
    return code


def _said(session: Session, receipt: Receipt, change: RoleChange) -> str:
    name, until = one_line(change.name), f", until {change.until}" if change.until else ""
    if receipt.outcome is Outcome.UNCHANGED:
        return f"{session.code}: unchanged, {name} is {change.role} already{until}."
    if change.granted:
        return f"{session.code}: {name} was granted the role {change.role}{until}."
    return f"{session.code}: {name} is {change.role} no more."


def _first(giver: str, holdings: Holdings) -> str:
    """Tell what the first grant in a sandbox changes for everybody."""
    admins = any(held.name == giver and held.role is Role.ADMIN for held in holdings)
    admin = f" {giver} granted it and is admin now." if admins else ""
    text = (
        "This was the first grant in this sandbox: from now on everybody has the roles that they"
        f" were granted, and no other.{admin}"
    )
    return paragraphs(one_line(text), width()) + "\n"


def _ended(change: RoleChange) -> str:
    if change.role is not Role.DECIDER:
        return ""
    text = f"What {change.name} approved or waived and nobody has carried out yet stands no more."
    return paragraphs(one_line(text), width()) + "\n"
