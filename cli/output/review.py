"""A review as people read it and as shapes: what is to be decided on, and what became of each."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from cli.output.conditions import conditions
from cli.output.shapes import Shape, receipt_shape
from cli.output.streams import style, width
from cli.output.text import one_line, paragraphs
from cli.output.words import LONG_DUE
from guards.policy import Policy
from lifecycle.reviewing.agenda import Count, Item
from lifecycle.reviewing.carrying import Outcome
from lifecycle.reviewing.deciding import Choice
from lifecycle.reviewing.sheet import ANSWERS
from states.money import Money
from states.problem import Problem
from states.standing import Standing
from states.vocabulary import Severity, State

FACTS = (
    "ref",
    "version",
    "title",
    "current_type",
    "state",
    "partner",
    "country",
    "signed",
    "term_end",
    "review",
    "due",
    "last_activity",
    "dormant_since",
    "activities",
    "targets",
    "milestones",
    "reports",
    "obligations",
    "committed",
    "spent",
    "evaluated",
    "last_review",
    "suggested",
    "suggested_type",
    "why",
)
"""What a sheet tells of each agreement."""

SHEET_KEYS = (*FACTS, *ANSWERS)
"""The columns of a sheet, those to be filled in last."""

_DONE = {
    Choice.KEEP: "kept",
    Choice.RECLASSIFY: "reclassified",
    Choice.SUNSET: "sunset",
}


@dataclass(frozen=True, slots=True)
class Done:
    """What became of the rows of a sheet, or of a session."""

    name: str
    rows: int
    outcomes: Sequence[Outcome]

    @property
    def undecided(self) -> int:
        """How many rows were left undecided."""
        return self.rows - len(self.outcomes)

    def count(self, choice: Choice) -> int:
        """Return of how many agreements this was decided, just now or before."""
        return sum(one.wanted.decision.choice is choice for one in self.outcomes if not one.refused)


def sheet_row(item: Item) -> Shape:
    """Return an agreement as a row of a sheet, with nothing in the columns to be filled in."""
    return {**item_shape(item), **dict.fromkeys(ANSWERS)}


def item_shape(item: Item) -> Shape:
    """Return what is known of an agreement under review."""
    standing, advice = item.standing, item.advice
    return {
        "ref": str(item.ref),
        "version": standing.version,
        "title": standing.title,
        "current_type": standing.type,
        "state": standing.state,
        "partner": standing.partner,
        "country": standing.country,
        "signed": standing.signed_on,
        "term_end": standing.term_end,
        "review": standing.review,
        "due": standing.due,
        "last_activity": item.last_activity,
        "dormant_since": item.dormant_since,
        "activities": item.activities,
        "targets": _of(item.targets, "reached"),
        "milestones": _of(item.milestones, "met"),
        "reports": ", ".join(map(str, item.reports)) or None,
        "obligations": _owed(item) or None,
        "committed": _money(item.committed) or None,
        "spent": _money(item.spent) or None,
        "evaluated": item.evaluation.agreement.outcome or None if item.evaluation else None,
        "last_review": item.last_review,
        "suggested": advice.choice,
        "suggested_type": advice.type,
        "why": advice.why,
    }


def words_rows(policy: Policy) -> Sequence[Sequence[object]]:
    """Return the words that the columns to be filled in take, each with what it does."""
    meanings = {
        Choice.KEEP: "it stays as it is; without a term it gets a new review date",
        Choice.RECLASSIFY: "it becomes of another type: fill in type",
        Choice.SUNSET: "it ends for good: fill in ground",
    }
    return [
        *(["decision", choice, meanings[choice]] for choice in Choice),
        ["decision", None, "left undecided"],
        *(["type", code, policy.types[code].title] for code in policy.reclassifiable),
        *(["ground", ground, None] for ground in policy.vocabulary.grounds),
        ["reason", None, "why, in your words; kept on the log"],
        ["next_review", None, "a day like 2027-06-30, or blank for the policy's interval"],
    ]


def card(item: Item, place: str, today: date) -> str:
    """Return an agreement as it is decided on in a session."""
    standing, room = item.standing, width()
    partner, country = standing.partner or "no partner", standing.country
    named = standing.partner is None or standing.partner in standing.title
    title = standing.title if named else f"{standing.title}, {partner}"
    head = f"{place}  {item.ref}  {title}{f' ({country})' if country else ''}"
    lines = [style(paragraphs(one_line(head), room, rest="  "), bold=True)]
    for label, text in _facts(item, today):
        lines.append(paragraphs(one_line(text), room, first=f"  {label:<13}"))
    return "\n".join(lines) + "\n"


def _facts(item: Item, today: date) -> Sequence[tuple[str, str]]:
    standing, advice = item.standing, item.advice
    former = f" (once {standing.former_type})" if standing.former_type else ""
    review = f"none; to be reviewed on {standing.review}"
    term = f"{standing.term_start} to {standing.term_end}" if standing.term_end else review
    evaluation = item.evaluation
    results = [
        f"{item.activities or 'no'} activit{'y' if item.activities == 1 else 'ies'}",
        f"targets {_of(item.targets, 'reached') or 'none stated'}",
        f"milestones {_of(item.milestones, 'met') or 'none stated'}",
        f"annual reports {', '.join(map(str, item.reports)) or 'none'}",
    ]
    suggested = " ".join(filter(None, (advice.choice, advice.type, advice.ground)))
    return [
        ("what", f"{standing.type}{former}, {standing.state}; signed {standing.signed_on}"),
        ("term", term),
        *([("due", _due(standing, today))] if standing.due else []),
        ("activity", _activity(item)),
        ("results", "; ".join(results)),
        ("obligations", _owed(item) or "none stated"),
        ("money", f"committed {_listed(item.committed)}; spent {_listed(item.spent)}"),
        *([("evaluated", f"{evaluation.agreement.outcome}")] if evaluation else []),
        *([("reviewed", f"last kept on {item.last_review}")] if item.last_review else []),
        ("suggested", f"{suggested}: {advice.why}" if suggested else advice.why),
    ]


def _due(standing: Standing, today: date) -> str:
    """Return what is due next, and whether that is late."""
    late = ", overdue" if standing.due and standing.due < today else ""
    return f"{standing.due}{late}: {LONG_DUE[standing.due_rule or '']}"


def _listed(amounts: Sequence[Money]) -> str:
    return ", ".join(map(str, amounts)) or "none"


def _activity(item: Item) -> str:
    last = f"last on {item.last_activity}" if item.last_activity else "none on record"
    return f"{last}; dormant since {item.dormant_since}" if item.dormant_since else last


def _of(count: Count, done: str) -> str | None:
    return f"{count.done} of {count.stated} {done}" if count.stated else None


def _owed(item: Item) -> str:
    """Return what became of the obligations, by side."""
    fates = Counter((one.obligation.side, str(one.fate)) for one in item.owed)
    words = (f"{side} {number} {fate.replace('_', ' ')}" for (side, fate), number in fates.items())
    return ", ".join(words)


def _money(amounts: Sequence[Money]) -> str:
    return ", ".join(f"{money.plain} {money.currency}" for money in amounts)


def done_shape(done: Done, *, dry_run: bool) -> Shape:
    """Return what became of a review as JSON has it."""
    return {
        "rows": done.rows,
        "undecided": done.undecided,
        **{_DONE[choice]: done.count(choice) for choice in Choice},
        "refused": sum(one.refused for one in done.outcomes),
        "decisions": [_outcome_shape(one, dry_run=dry_run) for one in done.outcomes],
        "dry_run": dry_run,
    }


def _outcome_shape(one: Outcome, *, dry_run: bool) -> Shape:
    wanted = one.wanted
    return {
        "row": wanted.row or None,
        "ref": str(wanted.ref),
        "decision": wanted.decision.choice,
        "type": wanted.decision.type,
        "ground": wanted.ground,
        "outcome": "refused" if one.refused else "ok",
        "repeated": one.repeated,
        "receipts": [receipt_shape(receipt, dry_run=dry_run) for receipt in one.receipts],
        "errors": [
            {"code": p.code, "key": p.key, "message": p.message, "hint": p.hint}
            for p in one.problems
        ],
    }


def done_text(done: Done, *, dry_run: bool) -> str:
    """Return what became of the rows of a sheet; only what was refused is told at length."""
    room = width()
    lines = [style("Dry run: this is what would be; nothing was stored.", fg="cyan")] * dry_run
    lines.append(paragraphs(f"{one_line(done.name)}: {summary(done)}", room, rest="  "))
    lines += [_line(one, room) for one in done.outcomes]
    return "\n".join(lines) + "\n"


def decided_text(one: Outcome, after: Standing) -> str:
    """Return what became of one agreement in a session, and when it is looked at again."""
    what = " ".join(filter(None, (_DONE[one.wanted.decision.choice], one.wanted.decision.type)))
    ground = f", on the ground {one.wanted.ground}" if one.wanted.ground else ""
    ahead = after.state is not State.SUNSET and after.term_end is None
    review = f"; to be reviewed on {after.review}" if ahead and after.review else ""
    said = f"{one.wanted.ref}: {what}{ground}{review}."
    return style(paragraphs(one_line(said), width(), first="✓ "), fg="green") + "\n"


def summary(done: Done) -> str:
    """Return what was decided, in one sentence."""
    counts = [f"{done.count(choice)} {_DONE[choice]}" for choice in Choice]
    repeated = sum(one.repeated for one in done.outcomes)
    before = f" {repeated} of them had been carried out before." if repeated else ""
    refused = sum(one.refused for one in done.outcomes)
    return f"{', '.join(counts)}, {refused} refused, {done.undecided} undecided.{before}"


def _line(one: Outcome, room: int) -> str:
    wanted, decision = one.wanted, one.wanted.decision
    row = f"row {wanted.row}, " if wanted.row else ""
    if not one.refused:
        what = " ".join(filter(None, (_DONE[decision.choice], decision.type, wanted.ground)))
        return paragraphs(f"{row}{wanted.ref}: {what}", room, first="  ✓ ", rest="    ")
    head = f"{row}{wanted.ref}: {decision.choice} was refused; nothing of it was done."
    told = style(paragraphs(one_line(head), room, first="  ✗ ", rest="    "), fg="red")
    return "\n".join([told, *refusal_lines(one)])


def refusal_lines(one: Outcome) -> Sequence[str]:
    """Return why a decision was refused, or could not even be tried; warnings are left out."""
    told = [line for problem in one.problems for line in _problem_lines(problem)]
    for receipt in one.receipts:
        blocking = [pair for pair in receipt.unmet if pair[0] is Severity.BLOCK]
        told += conditions(blocking, receipt.ref, "    ").splitlines()
    return told


def _problem_lines(problem: Problem) -> Sequence[str]:
    room = width()
    hint = [paragraphs(one_line(problem.hint), room, first="    to do: ")] if problem.hint else []
    where = f"{problem.key}: " if problem.key else ""
    return [paragraphs(one_line(f"{where}{problem.message}"), room, first="    "), *hint]
