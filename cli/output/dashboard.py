"""The dashboard as people read it, on a screen or on paper, and as JSON."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from cli.output.markdown import md_table, md_text
from cli.output.shapes import Shape
from cli.output.streams import style, width
from cli.output.table import Column, table
from cli.output.text import one_line, paragraphs
from cli.output.words import SHORT_DUE, percent_words
from cli.output.worklist import remaining_text
from guards.policy import Policy
from lifecycle.overview.dashboard import Dashboard
from lifecycle.partners.roles import CATALYST
from lifecycle.telling import distance
from states.calendar import end_of_month
from states.ref import Ref
from states.standing import Standing
from states.vocabulary import Rule

Row = tuple[str, str]

_LABEL = 12
_MOST_DUE = 8
_DUE = (Column("REF"), Column("DUE"), Column("WHEN"), Column("WHAT", flexible=True))
_LATE: Mapping[Rule, tuple[str, str]] = {
    Rule.TERM_STARTS: ("to be activated",) * 2,
    Rule.TERM_OVER: ("past its term", "past their term"),
    Rule.REVIEW_DUE: ("to be reviewed",) * 2,
    Rule.DECISION_DUE: ("decision overdue", "decisions overdue"),
    Rule.LAPSES: ("about to lapse",) * 2,
    Rule.PROJECT_ENDED: ("project ended", "projects ended"),
    Rule.EXAMINATION_DUE: ("project to be examined", "projects to be examined"),
    Rule.MILESTONE_DUE: ("milestone late", "milestones late"),
    Rule.OBLIGATION_DUE: ("obligation late", "obligations late"),
    Rule.ANNUAL_DUE: ("annual report owed", "annual reports owed"),
    Rule.DORMANT: ("dormant",) * 2,
    Rule.UNPUBLISHED: ("not public",) * 2,
    Rule.NOT_RECLASSIFIED: ("to be reclassified",) * 2,
    Rule.ENDORSEMENT_ENDS: ("endorsement ended", "endorsements ended"),
    Rule.APPROVAL_ENDS: ("approval ended", "approvals ended"),
}
"""What is late, in a word or two: of one, and of several."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """A dashboard with whose it is, what is late by rule, and how the system itself stands."""

    code: str
    policy: Policy
    found: Dashboard
    late: Mapping[Rule, int]
    night: str
    sealed: str


def dashboard_text(seen: Seen) -> str:
    """Return the dashboard for a terminal."""
    lines = [style(one_line(_title(seen)), bold=True)]
    lines += [
        paragraphs(one_line(said), width(), first=f"{name:<{_LABEL}}")
        for name, said in dashboard_rows(seen)
    ]
    due = seen.found.due
    lines += ["", style(_due_title(seen), bold=True)]
    if due:
        lines.append(table(_DUE, [_due_row(seen, one) for one in due[:_MOST_DUE]]).rstrip("\n"))
    if len(due) > _MOST_DUE:
        month = end_of_month(seen.found.day)
        days = (month - seen.found.day).days
        more = f"... and {len(due) - _MOST_DUE:,} more: lifecycle list --due-within {days or 1}d"
        lines.append(more)
    return "\n".join(lines) + "\n"


def dashboard_markdown(seen: Seen) -> str:
    """Return the dashboard as Markdown, with every decision that is due."""
    facts = md_table(["What", "How it stands"], dashboard_rows(seen))
    rows = [_due_row(seen, one) for one in seen.found.due]
    due = md_table([column.heading.capitalize() for column in _DUE], rows) if rows else "None.\n"
    return f"# {md_text(_title(seen))}\n\n{facts}\n## {md_text(_due_title(seen))}\n\n{due}"


def dashboard_page(seen: Seen) -> str:
    """Return the dashboard as a page."""
    from cli.output.html import render

    return render(
        "dashboard.html",
        title=_title(seen),
        rows=list(dashboard_rows(seen)),
        due_title=_due_title(seen),
        headings=[column.heading.capitalize() for column in _DUE],
        due=[_due_row(seen, one) for one in seen.found.due],
    )


def dashboard_shape(seen: Seen) -> Shape:
    """Return the dashboard as JSON."""
    found, facts, money = seen.found, seen.found.facts, seen.found.money
    roles = found.roles
    share = roles.share(CATALYST) if roles else None
    return {
        "program": seen.code,
        "today": found.day,
        "agreements": facts.agreements,
        "in_force": facts.in_force,
        "by_state": facts.by_state,
        "by_type": facts.by_type,
        "in_force_by_type": facts.in_force_by_type,
        "cap": {"held": facts.held, "at_most": facts.cap},
        "budget": {
            "year": money.year,
            "currency": seen.policy.program.currency,
            "budget": money.budget.plain if money.budget else None,
            "committed": money.committed.plain,
            "spent": money.spent.plain,
            "free": money.free.plain if money.free is not None else None,
        },
        "priority": {
            "year": found.day.year,
            "refs": [str(one.dossier.ref) for one in found.priorities],
        },
        "catalyst": {
            "percent": str(share) if share is not None else None,
            "stated": roles.stated if roles else 0,
            "in_force": roles.in_force if roles else 0,
        },
        "worklist": {"left": found.worklist.count, "types": list(found.worklist.types)},
        "late": seen.late,
        "due": [_due_shape(seen, one) for one in found.due],
    }


def due_rows(seen: Seen) -> Iterator[tuple[object, ...]]:
    """Yield the decisions that are due, as a sheet has them."""
    for one in seen.found.due:
        yield str(Ref.of(seen.code, one.key)), one.due, one.due_rule, one.title, one.owner


def _title(seen: Seen) -> str:
    return f"{seen.policy.program.name} ({seen.code}), {seen.found.day}"


def _due_title(seen: Seen) -> str:
    month, due, late = end_of_month(seen.found.day), len(seen.found.due), seen.found.late
    if not due:
        return f"No decision is due until {month}"
    return f"Decisions due until {month}: {due:,}, {late:,} of them late"


def dashboard_rows(seen: Seen) -> Iterator[Row]:
    """Yield what stands above the decisions, each with how it stands."""
    found, facts = seen.found, seen.found.facts
    yield "In force", f"{facts.in_force:,}: {_counted(facts.in_force_by_type.items())}"
    yield "By state", _counted(facts.by_state.items())
    yield "Cap", _cap(seen)
    yield "Budget", _budget(seen)
    yield "Priority", _priorities(found)
    yield "Catalyst", _catalyst(found)
    if found.worklist.types:
        yield "Worklist", remaining_text(found.worklist.burn_down)
    late = ((_LATE[rule][count > 1], count) for rule, count in seen.late.items())
    yield "Late", _counted(late) if seen.late else "nothing"
    yield "Night", seen.night
    yield "Seals", seen.sealed


def _counted(items: Iterable[tuple[str, int]]) -> str:
    return ", ".join(f"{count:,} {name}" for name, count in items) or "none"


def _cap(seen: Seen) -> str:
    held, cap = seen.found.facts.held, seen.found.facts.cap
    if cap is None:
        return "the policy has none"
    if held > cap:
        return style(f"{held:,} of {cap:,} places are held, {held - cap:,} too many", fg="red")
    return f"{held:,} of {cap:,} places are held"


def _budget(seen: Seen) -> str:
    money = seen.found.money
    bound = f"committed {money.committed.grouped}, spent {money.spent.grouped}"
    if money.budget is None:
        return f"{money.year}: none in the policy; {bound} {money.spent.currency}"
    if money.gap is not None:
        gap = f"{money.gap.grouped} more than there is"
        free = style(f"{gap}: lifecycle portfolio budget", fg="red")
    else:
        free = f"free {(money.budget - money.bound).grouped}"
    return f"{money.year}: {money.budget}, {bound}, {free}"


def _priorities(found: Dashboard) -> str:
    refs = ", ".join(str(one.dossier.ref) for one in found.priorities)
    return f"{found.day.year}: {refs or 'no partnership has priority'}"


def _catalyst(found: Dashboard) -> str:
    roles = found.roles
    share = roles.share(CATALYST) if roles else None
    if roles is None or share is None:
        return f"{found.day.year}: no agreement in force states the City's role"
    said = percent_words(share)
    return f"{found.day.year}: {said} of the {roles.stated:,} that state the City's role"


def _due_row(seen: Seen, one: Standing) -> tuple[object, ...]:
    due = one.due or date.max
    what = f"{one.title}: {SHORT_DUE[one.due_rule or '']}"
    return Ref.of(seen.code, one.key), due, distance(due, seen.found.day), what


def _due_shape(seen: Seen, one: Standing) -> Shape:
    return {
        "ref": str(Ref.of(seen.code, one.key)),
        "title": one.title,
        "partner": one.partner,
        "country": one.country,
        "owner": one.owner,
        "state": one.state,
        "due": one.due,
        "rule": one.due_rule,
        "late": one.due is not None and one.due < seen.found.day,
    }
