"""`lifecycle log replay`: replays the log against the current rows, or judges it by other rules."""

from datetime import date
from typing import Any

import click

from cli import options
from cli.params import DAY, TEXT
from cli.settings import Reading, Settings


@options.command("replay")
@click.argument("ref", type=TEXT, required=False, metavar="[REF]")
@click.option(
    "--policy",
    type=TEXT,
    metavar="FILE|NAME",
    help="What would this policy have said?",
)
@click.option(
    "--trigger",
    "triggers",
    type=TEXT,
    multiple=True,
    metavar="TRIGGER",
    help="Decisions on this step.",
)
@click.option(
    "--type",
    "types",
    type=TEXT,
    multiple=True,
    metavar="OLD=NEW",
    help="Judge agreements of type OLD as the policy's NEW.",
)
@click.option("--since", type=DAY, metavar="DATE", help="Recorded on this day or later.")
@click.option("--until", type=DAY, metavar="DATE", help="Recorded on this day or before.")
@click.option("--all", "everything", is_flag=True, help="Also those judged the same.")
@options.reading
def command(
    settings: Settings,
    *,
    ref: str | None,
    policy: str | None,
    since: date | None,
    until: date | None,
    reading: Reading,
    **asked: Any,  # noqa: ANN401 - the rest of what narrows it down
) -> int:
    r"""Replay the log against the current rows, or under other rules.

    The rows are a projection of the log; whatever differs was changed behind its back. Without
    REF, the whole program is replayed. The exit code is 1 where anything differs.

    With --policy it is another question: which past decisions would that policy not have admitted,
    and which refusals would it have admitted? Each decision is judged by itself, on the facts of
    its time. --policy is a file, a shipped policy or the digest of an adopted one. Where it calls
    types otherwise, --type says as which of its own they are judged. --trigger and --type may be
    repeated. The answer is no finding: the exit code is 0.

    \b
      lifecycle log replay --policy toronto-2005
      lifecycle log replay --policy new.toml --trigger sign --since 2026-01-01
      lifecycle log replay --policy toronto-2024 --type partnership=partnership_city
    """
    if policy is None:
        if since or until or any(asked.values()):
            message = "--trigger, --type, --since, --until and --all go with --policy."
            raise click.UsageError(message)
        from cli.runs.log_replay import replay_log

        return replay_log(settings, reading, ref)
    if since is not None and until is not None and since > until:
        message = f"--since {since} lies after --until {until}; no day is both."
        raise click.UsageError(message)
    from cli.runs.log_replay_under import Asked, replay_under

    wanted = Asked(ref=ref, since=since or date.min, until=until or date.max, **asked)
    replay_under(settings, reading, policy, wanted)
    return 0
