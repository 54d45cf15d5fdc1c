"""What became of a round of deliveries, and the digests of the outbox, for people and as JSON."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from cli.mail.delivery import NOT_SET_UP, SANDBOX, Delivery
from cli.output.shapes import Shape
from cli.output.streams import style, width
from cli.output.table import Column, table
from cli.output.text import clean, one_line, paragraphs
from cli.output.words import plural
from store.outbox import Mail

KEYS = (
    "id",
    "recipient",
    "run_date",
    "subject",
    "state",
    "attempts",
    "made_at",
    "next_at",
    "sent_at",
    "error",
)

_WHY = {
    SANDBOX: "this is a sandbox, which sends none. To look at them: lifecycle notices",
    NOT_SET_UP: "mail is not set up. Give lifecycle.toml a table [mail] (docs/operations.md),"
    " then try it: lifecycle notices test ADDRESS",
}
_MOST_NAMED = 20
_COLUMNS = (
    Column("ID"),
    Column("TO"),
    Column("STATE"),
    Column("TRIES", right=True),
    Column("NEXT TRY"),
    Column("WHAT", flexible=True),
)


def digests(count: int) -> str:
    """Return how many digests."""
    return plural(count, "digest")


def delivery_shape(done: Delivery) -> Shape:
    """Return what a round came to, as JSON."""
    return {
        "sent": done.sent,
        "waiting": done.waiting,
        "failed": done.failed,
        "unaddressed": done.unaddressed,
        "without_address": list(done.people),
        "held": done.held,
        "gone": done.gone,
        "reason": done.reason,
        "error": done.error,
        "fix": done.hint,
    }


def delivery_text(done: Delivery) -> str:
    """Return what a round came to, as people read it; nothing where there is nothing to tell."""
    return "".join(f"{paragraphs(one_line(line), width())}\n" for line in _lines(done))


def _lines(done: Delivery) -> Iterator[str]:
    if done.reason in _WHY:
        if done.waiting:
            yield f"Mail: {digests(done.waiting)} waiting; {_WHY[done.reason]}"
        return
    if done.sent or done.waiting or done.failed:
        yield f"Mail: {digests(done.sent)} sent, {done.waiting:,} waiting."
    if done.error:
        failed = f"{digests(done.failed)} not sent: " if done.failed else "Mail was not sent: "
        yield f"{failed}{done.error}."
        yield f"To do: {done.hint}." if done.hint else "To do: lifecycle notices says more."
    if done.gone:
        yield f"{digests(done.gone)} given up, or too old to be sent: lifecycle notices --all"
    if done.held:
        yield f"{digests(done.held)} held since the database was restored: lifecycle notices retry"
    yield from without_address(done.people)


def without_address(people: Sequence[str]) -> Iterator[str]:
    """Yield who can't be written to, and what to do about it."""
    if not people:
        return
    named = ", ".join(people[:_MOST_NAMED])
    more = f" and {len(people) - _MOST_NAMED:,} more" if len(people) > _MOST_NAMED else ""
    yield (
        f"NO ADDRESS, and so no mail: {named}{more}. Add it to lifecycle.toml:"
        f' [mail.addresses] "{people[0]}" = "..."; their digests wait.'
    )


def mail_shape(one: Mail) -> Shape:
    """Return one digest without its body."""
    return {key: getattr(one, key) for key in KEYS}


def mail_table(mails: Sequence[Mail], zone: str) -> str:
    """Return digests as a table."""
    return table(_COLUMNS, [_row(one, zone) for one in mails])


def _row(one: Mail, zone: str) -> Sequence[object]:
    what = f"{one.error} ({one.subject})" if one.error else one.subject
    return (
        one.id,
        one.recipient,
        one.state,
        one.attempts,
        local(one.next_at, zone) if one.state == "waiting" else None,
        what,
    )


def mail_text(one: Mail, zone: str) -> str:
    """Return one digest whole: where it stands, and what it says."""
    facts: Mapping[str, object] = {
        "To": one.recipient,
        "Subject": one.subject,
        "Made": local(one.made_at, zone),
        "State": one.state,
        "Tries": one.attempts,
        "Next try": local(one.next_at, zone),
        "Sent": local(one.sent_at, zone),
        "Error": one.error,
    }
    head = [
        paragraphs(one_line(value), width(), first=f"{name:<9} ")
        for name, value in facts.items()
        if value is not None
    ]
    return "\n".join([style(one.id, bold=True), *head, "", clean(one.body)])


def local(at: str | None, zone: str) -> str | None:
    """Return an instant in the program's own time, to the minute."""
    if at is None:
        return None
    return f"{datetime.fromisoformat(at).astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M}"
