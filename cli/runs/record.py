"""What `lifecycle record` does: one fact from the command line, or many from a file."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import click

from cli.facts import fact_of, facts_of
from cli.output.receipts import give, give_all
from cli.refs import named
from cli.session import Session, opened
from cli.settings import Settings, Writing
from lifecycle.order import Receipt
from lifecycle.ports import Unit
from lifecycle.sheets import record
from states.problem import InvalidInputError, Problem
from states.records import Record
from states.ref import Ref


@dataclass(frozen=True, slots=True)
class Stated:
    """What is to be recorded, as it was typed."""

    kind: str | None
    pairs: Sequence[str]
    file: str | None


def record_facts(settings: Settings, writing: Writing, text: str, stated: Stated) -> int:
    """Record facts about an agreement and print a receipt each; returns the exit code."""
    kind, pairs, file = stated.kind, stated.pairs, stated.file
    if file is not None and pairs:
        message = "give KEY=VALUE or --file, but not both."
        raise click.UsageError(message)
    if file is None and kind is None:
        message = "give a KIND and KEY=VALUE, or a --file."
        raise click.UsageError(message, click.get_current_context())
    with opened(settings) as session:
        ref = named(session, text).ref
        if file is None:
            fact = fact_of(kind or "", pairs, session.today)
            receipt = _recorded(session, writing, ref, [fact], None)[0]
            return give(settings, receipt, dry_run=writing.dry_run)
        name, facts = facts_of(file, kind, session.today)
        receipts = _recorded(session, writing, ref, facts, name)
        return give_all(settings, receipts, dry_run=writing.dry_run)


def _recorded(
    session: Session, writing: Writing, ref: Ref, facts: Sequence[Record], file: str | None
) -> Sequence[Receipt]:
    orders = [session.order(writing) for _fact in facts]
    if len(facts) > 1 and writing.key:
        orders = [replace(order, key=f"{order.key}/{n}") for n, order in enumerate(orders, 1)]

    def use(unit: Unit) -> list[Receipt]:
        receipts: list[Receipt] = []
        problems: list[Problem] = []
        for index, (order, fact) in enumerate(zip(orders, facts, strict=True)):
            try:
                receipts.append(record(unit, order, ref, fact, file=file))
            except InvalidInputError as error:
                problems += _placed(error, index) if file else error.problems
            if receipts and receipts[-1].refused:
                break
        if problems:
            raise InvalidInputError(problems)
        return receipts

    return session.carry_out(writing, use)


def _placed(error: InvalidInputError, index: int) -> list[Problem]:
    """Return the problems of one record of a file, with its place in their keys."""
    return [
        replace(
            problem, key=f"records[{index}].{problem.key}" if problem.key else f"records[{index}]"
        )
        for problem in error.problems
    ]
