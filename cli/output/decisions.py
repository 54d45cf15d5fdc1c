"""Approvals and waivers of one agreement, as people read them: whose, what for, until when."""

from collections.abc import Iterable

from cli.output.streams import style, width
from cli.output.text import one_line, paragraphs
from states.standing import Approval, Waiver


def decisions(
    approvals: Iterable[tuple[Approval, str | None]], waivers: Iterable[tuple[Waiver, str | None]]
) -> str:
    """Return approvals and waivers, a line each; those that stand no more say why."""
    lines = [_line(_approval(given), lapsed) for given, lapsed in approvals]
    lines += [_line(_waiver(given), lapsed) for given, lapsed in waivers]
    return "".join(lines)


def _line(text: str, lapsed: str | None) -> str:
    mark = "✗" if lapsed else "✓"
    said = f"{text}; it stands no more: {lapsed}" if lapsed else text
    line = paragraphs(one_line(said), width(), first=f"  {mark} ")
    return style(line, fg="yellow" if lapsed else "green") + "\n"


def _approval(given: Approval) -> str:
    item = f", {given.item}" if given.item else ""
    body = f" on behalf of {given.body}{item}" if given.body else ""
    exactly = ", bound to its content" if given.subject else ""
    return (
        f"{given.deed} approved by {given.by}{body} until {given.until}{exactly} (line {given.n})"
    )


def _waiver(given: Waiver) -> str:
    condition = ":".join(filter(None, (given.guard, given.code, given.field)))
    return f"{condition} waived by {given.by} for {given.trigger} (line {given.n})"
