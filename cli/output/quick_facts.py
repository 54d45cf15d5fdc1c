"""The quick facts as people read them and as JSON; what can't be shown stands below them."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal

from cli.output.markdown import md_table, md_text
from cli.output.shapes import Shape
from cli.output.streams import style, width
from cli.output.text import one_line, paragraphs
from guards.policy import Policy
from lifecycle.overview.quick_facts import QuickFacts, Signed, Unshown
from states.money import Money
from states.ref import Ref

COLUMNS = ("fact", "value")

Row = tuple[str, str]

_LABEL = 22


def facts_rows(code: str, facts: QuickFacts, policy: Policy) -> Iterator[Row]:
    """Yield each fact with its value as text."""
    program = policy.program
    yield "Agreements on record", f"{facts.agreements:,}, of which {facts.in_force:,} in force"
    yield "In force, by type", _counted(facts.in_force_by_type.items())
    yield "On record, by state", _counted(facts.by_state.items())
    yield "Countries", f"{facts.countries:,}, of agreements in force"
    yield "Oldest", _signed(code, facts.oldest)
    yield "Newest", _signed(code, facts.newest)
    yield "Taken over", f"{facts.taken_over:,}, signed before the program went live"
    yield "Cap", _cap(facts)
    for kind in policy.types:
        if policy.on_worklist(kind):
            yield f"Signed as {kind}", _by_year(facts, kind)
    for year, amount in facts.budget.items():
        yield f"Budget {year}", str(Money(Decimal(amount), program.currency))
    if facts.goals:
        yield "Goals", f"{len(facts.goals)}: {', '.join(facts.goals)}"


def facts_text(day: date, policy: Policy, rows: Sequence[Row], unshown: Sequence[Unshown]) -> str:
    """Return the facts for a terminal."""
    lines = [style(one_line(f"{policy.program.name}, {day}"), bold=True), ""]
    lines += [paragraphs(one_line(said), width(), first=f"{name:<{_LABEL}}") for name, said in rows]
    lines += ["", style("What the record can't show", bold=True)]
    lines += [
        paragraphs(f"{one.what}: {one.why}", width(), first="- ", rest="  ") for one in unshown
    ]
    return "\n".join(lines) + "\n"


def facts_markdown(
    day: date, policy: Policy, rows: Sequence[Row], unshown: Sequence[Unshown]
) -> str:
    """Return the facts as Markdown."""
    table = md_table(["Fact", "Value"], rows)
    missing = "".join(f"- {md_text(f'{one.what}: {one.why}')}\n" for one in unshown)
    title = md_text(f"{policy.program.name}, {day}")
    return f"# {title}\n\n{table}\n## What the record can't show\n\n{missing}"


def facts_shape(code: str, day: date, facts: QuickFacts, policy: Policy) -> Shape:
    """Return the facts as JSON."""
    return {
        "program": code,
        "name": policy.program.name,
        "today": day,
        "agreements": facts.agreements,
        "in_force": facts.in_force,
        "by_state": facts.by_state,
        "by_type": facts.by_type,
        "in_force_by_type": facts.in_force_by_type,
        "countries": facts.countries,
        "oldest": _signed_shape(code, facts.oldest),
        "newest": _signed_shape(code, facts.newest),
        "undated": facts.undated,
        "taken_over": facts.taken_over,
        "cap": {"held": facts.held, "at_most": facts.cap},
        "signed": [
            {"type": kind, "year": year, "count": count}
            for (kind, year), count in facts.signed.items()
        ],
        "budget": {str(year): str(amount) for year, amount in facts.budget.items()},
        "currency": policy.program.currency,
        "goals": facts.goals,
        "not_shown": [{"what": one.what, "why": one.why} for one in facts.unshown],
    }


def _counted(items: Iterable[tuple[str, int]]) -> str:
    return ", ".join(f"{count:,} {name}" for name, count in items) or "none"


def _signed(code: str, one: Signed | None) -> str:
    return f"{one.signed_on}: {one.title} ({Ref.of(code, one.key)})" if one else "not on record"


def _signed_shape(code: str, one: Signed | None) -> Shape | None:
    if one is None:
        return None
    return {"ref": str(Ref.of(code, one.key)), "signed": one.signed_on, "title": one.title}


def _cap(facts: QuickFacts) -> str:
    if facts.cap is None:
        return "none"
    over = facts.held - facts.cap
    more = f", which is {over:,} too many" if over > 0 else ""
    return f"{facts.cap:,} places, and {facts.held:,} agreements that hold one{more}"


def _by_year(facts: QuickFacts, kind: str) -> str:
    years = Counter({year: n for (type_, year), n in facts.signed.items() if type_ == kind})
    said = ", ".join(f"{year}: {count:,}" for year, count in sorted(years.items()))
    return f"{years.total():,} on record ({said})" if said else "none on record"
