"""What is unmet, as people read it: what is missing, which rule asks for it, what to do."""

from collections.abc import Iterable

from cli.output.shapes import to_do
from cli.output.streams import style, width
from cli.output.text import one_line, paragraphs
from guards.conditions import Unmet
from lifecycle.checking import Next
from states.vocabulary import Guard, Severity

_SELF = "transition"


def conditions(
    unmet: Iterable[tuple[Severity, Unmet]], ref: str, indent: str = "  ", *, brief: bool = False
) -> str:
    """Return unmet conditions, those that refuse first, each with its rule and what to do."""
    ordered = sorted(unmet, key=lambda pair: pair[0] is not Severity.BLOCK)
    if not brief:
        return "".join(_condition(severity, one, ref, indent) for severity, one in ordered)
    kinds = [(one.guard, one.code) for _severity, one in ordered]
    return "".join(
        _briefly(severity, one, ref, indent, last=kinds[index + 1 : index + 2] != [kinds[index]])
        for index, (severity, one) in enumerate(ordered)
    )


def step(move: Next, ref: str, *, brief: bool = False) -> str:
    """Return one step that may come next, and what is missing for it; briefly, without rules."""
    who = " or ".join("the nightly check" if role == "scheduler" else role for role in move.by)
    head = f"  {style(move.trigger, bold=True)} → {move.to}, by {who}: {_whether(move)}\n"
    unmet = [pair for pair in move.unmet if pair[1].guard != Guard.GROUNDS_STATED]
    return head + conditions(unmet, ref, "    ", brief=brief)


def _whether(move: Next) -> str:
    blocking = [u for severity, u in move.unmet if severity is Severity.BLOCK]
    others = [unmet for unmet in blocking if unmet.guard != Guard.GROUNDS_STATED]
    grounds = ", stating grounds" if len(others) < len(blocking) else ""
    if others:
        count = f"{len(others)} condition{' is' if len(others) == 1 else 's are'} unmet"
        return style(count, fg="red")
    return style(f"may be done{grounds}", fg="green")


def _condition(severity: Severity, unmet: Unmet, ref: str, indent: str) -> str:
    lines, room = [_message(severity, unmet, indent)], width()
    named = unmet.code if unmet.guard == _SELF else f"{unmet.guard}:{unmet.code}"
    where = f", {one_line(unmet.field)}" if unmet.field else ""
    for label, text in (
        ("to do", to_do(unmet, ref)),
        ("rule", f"{unmet.rule} [{unmet.report}]"),
        ("code", f"{named}{where}"),
    ):
        lines.append(paragraphs(text, room, first=f"{indent}  {label + ':':<7}"))
    return "\n".join(lines) + "\n"


def _briefly(severity: Severity, unmet: Unmet, ref: str, indent: str, *, last: bool) -> str:
    """Return a condition without its rule; of several alike, only the last says what to do."""
    message = _message(severity, unmet, indent)
    if not last:
        return f"{message}\n"
    fix = f"{to_do(unmet, ref)} [{unmet.report}]"
    return f"{message}\n{paragraphs(fix, width(), first=f'{indent}  → ')}\n"


def _message(severity: Severity, unmet: Unmet, indent: str) -> str:
    refuses = severity is Severity.BLOCK
    mark, word = ("✗", "") if refuses else ("!", "warning: ")
    text = paragraphs(f"{word}{unmet.message}", width(), first=f"{indent}{mark} ")
    return style(text, fg="red" if refuses else "yellow")
