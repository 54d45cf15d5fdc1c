"""What `lifecycle policy adopt` does: puts a policy in force from today on."""

import click

from cli.output.receipts import give
from cli.policies import named
from cli.session import opened
from cli.settings import Settings, Writing
from lifecycle.adoption import adopt


def adopt_policy(settings: Settings, writing: Writing, name: str) -> int:
    """Adopt a policy and print the receipt; returns the exit code."""
    if writing.expect_version is not None:
        message = "a policy has no version to expect."
        raise click.UsageError(message)
    rules = named(name)
    policy = rules.parsed()
    with opened(settings) as session:
        order, today = session.order(writing), session.today
        receipt = session.carry_out(
            writing, lambda unit: adopt(unit, order, rules.body, policy, today)
        )
    return give(settings, receipt, dry_run=writing.dry_run, policy=rules.name)
