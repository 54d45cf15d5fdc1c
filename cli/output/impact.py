"""What adopting a policy would change, as people read it: what must be seen to comes first."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, replace
from itertools import groupby

from cli.output.shapes import Shape, to_do
from cli.output.streams import style, width
from cli.output.text import one_line, paragraphs
from lifecycle.impact import DueChange, Exceeded, Impact, StepChange

_MOST_REFS = 12
_RULES: Mapping[str | None, str] = {
    None: "nothing due",
    "term_starts": "its term starts",
    "term_over": "its term is over",
    "review_due": "its review is due",
    "decision_due": "a decision is owed",
}
_BECOMES: Mapping[str, str] = {
    "refused": "would refuse it",
    "warned": "would warn",
    "met": "would no longer be in its way",
}


def impact_shape(impact: Impact) -> Shape:
    """Return an impact as JSON, each agreement's own reference in what is to be done."""
    steps = [replace(step, fix=to_do(step, step.ref)) for step in impact.steps]
    return asdict(replace(impact, steps=steps))


def impact_text(impact: Impact) -> str:
    """Return an impact in sections; those with nothing to tell are left out."""
    head = paragraphs(_places(impact), width())
    sections = (_section(title, list(lines)) for title, lines in _told(impact))
    return f"{head}\n{''.join(sections)}"


def _places(impact: Impact) -> str:
    before, after = _cap(impact.cap_before), _cap(impact.cap)
    over = f"; {impact.over_cap} over the cap" if impact.over_cap else ""
    under = after if before == after else f"{after} instead of {before}"
    return (
        f"Adopting it: {impact.counted_before} places held become {impact.counted_after}, "
        f"under {under}{over}."
    )


def _cap(cap: int | None) -> str:
    return "no cap" if cap is None else f"a cap of {cap}"


def _told(impact: Impact) -> Iterator[tuple[str, Iterable[str]]]:
    kept = [_refs(impact.kept)] if impact.kept else []
    unknown = [_refs(impact.unknown_types)] if impact.unknown_types else []
    yield "Judged by their old policy until they are decided", kept
    yield "Of a type that it does not know", unknown
    yield "Due on another day", map(_due, impact.due)
    yield (
        "Limits that are exceeded already",
        (
            f"{each.code}: {each.count} instead of {each.at_most}, "
            f"{_where(each)}: {_refs(each.refs)}"
            for each in impact.limits
        ),
    )
    yield (
        "Years in which more is committed than its budget has",
        (
            f"{each.year}: {each.committed:f} of {each.budget:f}"
            f"{'' if each.newly else ', as before'}: {_refs(each.refs)}"
            for each in impact.budget
        ),
    )
    yield "Judged otherwise at their next step", _steps(impact.steps)
    yield (
        "Words of documents that it does not know; an edit must change them",
        (f"{each.key} = {each.word}: {_refs(each.refs)}" for each in impact.words),
    )
    yield (
        "Bodies that disappear",
        (_gone(each.name, "responsible in", each.refs) for each in impact.bodies_gone),
    )
    yield (
        "Conditions that disappear",
        (_gone(each.name, "answered by", each.refs) for each in impact.conditions_gone),
    )


def _section(title: str, lines: Sequence[str]) -> str:
    if not lines:
        return ""
    body = "".join(paragraphs(one_line(each), width(), first="  ") + "\n" for each in lines)
    return f"\n{style(title, bold=True)}:\n{body}"


def _due(change: DueChange) -> str:
    before = f"{change.due_before or 'no day'} ({_RULES[change.rule_before]})"
    after = f"{change.due_after or 'no day'} ({_RULES[change.rule_after]})"
    return f"{change.ref}: {before} → {after}"


def _steps(steps: Sequence[StepChange]) -> Iterator[str]:
    """Yield a line for each thing that is judged otherwise, with the agreements alike in it."""
    for (_place, trigger, guard, code), alike in groupby(sorted(steps, key=_kind), key=_kind):
        group = list(alike)
        refs, what = _refs(dict.fromkeys(each.ref for each in group)), _BECOMES[group[0].becomes]
        message = "" if group[0].becomes == "met" else f". {group[0].message}"
        yield f"{trigger}: {guard}:{code} {what}: {refs}{message}"


def _kind(step: StepChange) -> tuple[int, str, str, str]:
    return list(_BECOMES).index(step.becomes), step.trigger, step.guard, step.code


def _where(limit: Exceeded) -> str:
    return "in the program" if limit.per == "program" else f"{limit.per} {limit.place}"


def _gone(name: str, how: str, refs: Sequence[str]) -> str:
    return f"{name}, {how} {_refs(refs)}" if refs else name


def _refs(refs: Iterable[str]) -> str:
    every = list(refs)
    more = f" and {len(every) - _MOST_REFS} more" if len(every) > _MOST_REFS else ""
    return ", ".join(every[:_MOST_REFS]) + more
