"""What another policy says of past decisions, as people read it and as JSON."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from cli.output.conditions import conditions
from cli.output.shapes import Shape, unmet_shape
from cli.output.streams import style, width
from cli.output.text import one_line, paragraphs
from cli.output.words import plural
from guards.conditions import Unmet
from lifecycle.order import flatten
from lifecycle.recomputing.rejudging import Opinion, Rejudged, Ruling
from states.vocabulary import Outcome, Severity

KEYS = (
    "ref",
    "n",
    "recorded_at",
    "effective_on",
    "event",
    "trigger",
    "outcome",
    "actor",
    "policy",
    "ruling",
    "why",
    "guard",
    "code",
    "field",
    "severity",
    "message",
    "fix",
    "rule",
    "report",
    "waived_by",
)
"""The columns of CSV: a row for each condition, and one for a decision without any."""

_HEADS: Mapping[Ruling, tuple[str, str]] = {
    Ruling.SAME: ("judged the same", "reset"),
    Ruling.NOT_ADMITTED: ("would not have been admitted", "red"),
    Ruling.ADMITTED: ("would have been admitted", "green"),
    Ruling.TYPE_UNKNOWN: ("type unknown to this policy", "yellow"),
    Ruling.NOT_JUDGED: ("can't be judged", "yellow"),
}

_COUNTED: Mapping[Ruling, tuple[str, str]] = {
    Ruling.NOT_ADMITTED: ("would not have been admitted", "would not have been admitted"),
    Ruling.ADMITTED: ("refusal would have been admitted", "refusals would have been admitted"),
    Ruling.TYPE_UNKNOWN: ("is of a type unknown to it", "are of types unknown to it"),
    Ruling.NOT_JUDGED: ("can't be judged", "can't be judged"),
}

_NOTE = (
    "Each decision was judged by itself, on the facts of its time; what would have followed from"
    " another answer is not played on."
)


@dataclass(frozen=True, slots=True)
class Told:
    """What a policy, by name and digest, says of the decisions of a program or an agreement.

    All are counted, by what is said of them; `listed` are those that are told one by one.
    """

    name: str
    digest: str
    of: str
    counts: Mapping[Ruling, int]
    listed: Sequence[Rejudged]


def told_shape(told: Told) -> Shape:
    """Return what is said as JSON."""
    return {
        "policy": {"name": told.name, "digest": told.digest},
        "of": told.of,
        "decisions": sum(told.counts.values()),
        **{str(ruling): told.counts.get(ruling, 0) for ruling in Ruling},
        "listed": [_shape(one) for one in told.listed],
    }


def told_rows(told: Told) -> list[Shape]:
    """Return what is said as rows: what stands against each decision, or refused it then."""
    return [
        {**one, **unmet}
        for one in map(_shape, told.listed)
        for unmet in one["refused_for"] or one["unmet"] or [{}]
    ]


def told_text(told: Told) -> str:
    """Return what is said as people read it: how many, then agreement by agreement."""
    return "".join(_parts(told))


def _shape(one: Rejudged) -> Shape:
    entry, opinion, ref = one.entry, one.opinion, str(one.entry.agreement)
    return {
        "ref": ref,
        "title": one.standing.title,
        "type": one.standing.type,
        "n": entry.n,
        "recorded_at": entry.recorded_at,
        "effective_on": entry.effective_on,
        "event": entry.event,
        "trigger": entry.trigger,
        "outcome": entry.outcome,
        "actor": entry.actor.id,
        "on_behalf_of": entry.on_behalf_of,
        "policy": entry.policy,
        "ruling": opinion.ruling,
        "why": opinion.why,
        "unmet": [unmet_shape(*pair, ref) for pair in flatten(opinion.verdicts)],
        "refused_for": [unmet_shape(*pair, ref) for pair in flatten(opinion.was)],
    }


def _parts(told: Told) -> Iterator[str]:
    yield paragraphs(_summary(told), width()) + "\n"
    for ref, ones in groupby(told.listed, key=lambda one: one.entry.agreement):
        decisions = list(ones)
        title = paragraphs(decisions[-1].standing.title, width(), first=f"{ref}  ")
        yield f"\n{style(title, bold=True)}\n"
        yield from map(_decision, decisions)
    if told.listed:
        yield f"\n{paragraphs(_NOTE, width())}\n"


def _summary(told: Told) -> str:
    counts, name = told.counts, one_line(told.name)
    total, same = sum(counts.values()), counts.get(Ruling.SAME, 0)
    head = f"Of {plural(total, 'decision')} on {told.of}, judged again under {name},"
    if not total:
        return f"Nothing was decided on {told.of} that {name} could judge."
    if same == total:
        return f"{head} {'all' if total > 1 else 'it'} would have been judged the same."
    parts = [
        f"{count:,} {_COUNTED[ruling][count != 1]}"
        for ruling in _COUNTED
        if (count := counts.get(ruling, 0))
    ]
    rest = f"{same:,}" if same else "none"
    return f"{head} {', '.join(parts)}, and {rest} would have been judged the same."


def _decision(one: Rejudged) -> str:
    entry, opinion = one.entry, one.opinion
    what = entry.trigger or entry.event.replace("_", " ")
    refused = ", refused" if entry.outcome is Outcome.REFUSED else ""
    where = f"{entry.effective_on}  line {entry.n}, {what} by {one_line(entry.actor.id)}{refused}"
    said, colour = _HEADS[opinion.ruling]
    head = paragraphs(f"{where}: {said}{_more(one)}", width(), first="  ", rest="    ")
    return style(head, fg=colour) + "\n" + conditions(_shown(opinion), str(entry.agreement), "    ")


def _more(one: Rejudged) -> str:
    match one.opinion.ruling:
        case Ruling.NOT_JUDGED:
            return f": {one_line(one.opinion.why)}"
        case Ruling.TYPE_UNKNOWN:
            return f": {one_line(one.standing.type)}"
        case Ruling.ADMITTED:
            return ". What refused it then:"
        case _:
            return ""


def _shown(opinion: Opinion) -> list[tuple[Severity, Unmet]]:
    """Return what is told of a decision: what refuses it, or refused it then."""
    match opinion.ruling:
        case Ruling.TYPE_UNKNOWN | Ruling.SAME:
            return []
        case Ruling.ADMITTED:
            told = opinion.was
        case _:
            told = opinion.verdicts
    return [pair for pair in flatten(told) if pair[0] is Severity.BLOCK]
