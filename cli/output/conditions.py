"""What is unmet, as people read it: what is missing, which rule asks for it, what to do."""

from collections.abc import Iterable

from cli.output.shapes import to_do
from cli.output.streams import style, width
from cli.output.text import one_line, paragraphs
from guards.conditions import Unmet
from lifecycle.authority import GATE as AUTHORITY
from lifecycle.checking import Next
from states.vocabulary import Guard, Severity

_GATES = frozenset({"transition", AUTHORITY})
"""What stands before the guards: their codes say enough by themselves."""


def conditions(
    unmet: Iterable[tuple[Severity, Unmet]], ref: str, indent: str = "  ", *, brief: bool = False
) -> str:
    """Return unmet conditions, those that refuse first, each with its rule and what to do."""
    ordered = sorted(unmet, key=_rank)
    if not brief:
        return "".join(_condition(severity, one, ref, indent) for severity, one in ordered)
    kinds = [(one.guard, one.code) for _severity, one in ordered]
    return "".join(
        _briefly(severity, one, ref, indent, last=kinds[index + 1 : index + 2] != [kinds[index]])
        for index, (severity, one) in enumerate(ordered)
    )


def step(move: Next, ref: str, *, brief: bool = False) -> str:
    """Return one step that may come next, and what is missing for it; briefly, without rules."""
    by = " or ".join("the nightly check" if role == "scheduler" else role for role in move.by)
    head = f"  {style(move.trigger, bold=True)} → {move.to}, by {by}: {_whether(move)}\n"
    hidden = {Guard.GROUNDS_STATED, *([AUTHORITY] if brief else [])}
    unmet = [pair for pair in move.unmet if pair[1].guard not in hidden]
    people = "" if brief else _people(move)
    return head + people + _approved(move) + conditions(unmet, ref, "    ", brief=brief)


def _whether(move: Next) -> str:
    blocking = {u.guard for severity, u in move.unmet if severity is Severity.BLOCK}
    grounds = ", stating grounds" if Guard.GROUNDS_STATED in blocking else ""
    own = (Guard.GROUNDS_STATED, AUTHORITY)
    missing = [u for s, u in move.unmet if s is Severity.BLOCK and u.guard not in own]
    if missing:
        count = f"{len(missing)} condition{' is' if len(missing) == 1 else 's are'} unmet"
        return style(count, fg="red")
    if AUTHORITY in blocking:
        return style(f"ready, but not yours{grounds}", fg="yellow")
    return style(f"may be done{grounds}", fg="green")


def _people(move: Next) -> str:
    """Return who may take a step, where roles were granted."""
    if not move.who:
        return ""
    return paragraphs(one_line(", ".join(move.who)), width(), first="    who:   ") + "\n"


def _approved(move: Next) -> str:
    given = move.approval
    if given is None:
        return ""
    body = f" on behalf of {given.body}" if given.body else ""
    text = f"approved by {given.by}{body} until {given.until}; staff may carry it out"
    return style(paragraphs(one_line(text), width(), first="    ✓ "), fg="green") + "\n"


def _rank(pair: tuple[Severity, Unmet]) -> int:
    """Return the place of a condition: those that refuse, those that warn, those waived."""
    severity, unmet = pair
    return 2 if unmet.waived_by else int(severity is not Severity.BLOCK)


def _condition(severity: Severity, unmet: Unmet, ref: str, indent: str) -> str:
    lines, room = [_message(severity, unmet, indent)], width()
    named = unmet.code if unmet.guard in _GATES else f"{unmet.guard}:{unmet.code}"
    where = f", {one_line(unmet.field)}" if unmet.field else ""
    todo = () if unmet.waived_by else (("to do", to_do(unmet, ref)),)
    for label, text in (
        *todo,
        ("rule", f"{unmet.rule} [{unmet.report}]"),
        ("code", f"{named}{where}"),
    ):
        lines.append(paragraphs(text, room, first=f"{indent}  {label + ':':<7}"))
    return "\n".join(lines) + "\n"


def _briefly(severity: Severity, unmet: Unmet, ref: str, indent: str, *, last: bool) -> str:
    """Return a condition without its rule; of several alike, only the last says what to do."""
    message = _message(severity, unmet, indent)
    if not last or unmet.waived_by:
        return f"{message}\n"
    fix = f"{to_do(unmet, ref)} [{unmet.report}]"
    return f"{message}\n{paragraphs(fix, width(), first=f'{indent}  → ')}\n"


def _message(severity: Severity, unmet: Unmet, indent: str) -> str:
    if unmet.waived_by:
        said = f"waived by {one_line(unmet.waived_by)}: {unmet.message}"
        return style(paragraphs(said, width(), first=f"{indent}~ "), fg="cyan")
    refuses = severity is Severity.BLOCK
    mark, word = ("✗", "") if refuses else ("!", "warning: ")
    text = paragraphs(f"{word}{unmet.message}", width(), first=f"{indent}{mark} ")
    return style(text, fg="red" if refuses else "yellow")
