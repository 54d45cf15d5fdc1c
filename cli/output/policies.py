"""How policies are told to people: what each key says, and what differs between two of them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass
from decimal import Decimal
from itertools import groupby
from typing import Any

from cli.output.streams import style, width
from cli.output.text import one_line, paragraphs
from guards.policy_diff import PolicyChange

GROUP_TITLES: Mapping[str, str] = {
    "program": "Program",
    "types": "Types of agreement",
    "cap": "Cap",
    "limits": "Limits",
    "criteria": "Criteria",
    "priorities": "Priority markets and sectors",
    "bodies": "Bodies, and what is signed",
    "conditions": "Conditions",
    "vocabulary": "Words that documents may use",
    "deadlines": "Deadlines and periods",
    "notices": "Notices and alerts",
    "guards": "Guards and waivers",
    "publishing": "The public register",
    "other": "Other",
}
"""The heading of each group of differences."""

KEYS: Mapping[str, str] = {
    "program.name": "the program's name",
    "program.code": "the code in references",
    "program.time_zone": "the time zone",
    "program.currency": "the currency of budgets and limits",
    "program.home_country": "the program's own country",
    "program.leap_day": "where 29 February falls in a common year",
    "program.source": "where the rules come from",
    "program.goals": "a goal of the policy framework",
    "program.budget": "the budget of a year",
    "types.CODE": "a type of agreement",
    "types.CODE.title": "the type as printed",
    "types.CODE.term_years": "the shortest and longest term, in years",
    "types.CODE.term_years.max": "the longest term, in years",
    "types.CODE.term_years.min": "the shortest term, in years",
    "types.CODE.open_ended": "whether it may go without an end date",
    "types.CODE.review_months": "how far ahead its review may be, in months",
    "types.CODE.counts": "whether it takes a place under the cap",
    "types.CODE.may_be_created": "whether new ones are made",
    "types.CODE.reclassify_to": "whether signed ones may be reclassified into it",
    "types.CODE.serves": "which words speak for it where a type is looked for",
    "types.CODE.endorsement": "whether signing needs a councillor's endorsement",
    "types.CODE.lapse": "whether an overdue one ends without a decision",
    "types.CODE.guards": "what a guard does for this type",
    "cap": "how many agreements may hold a place",
    "cap.at_most": "how many agreements may hold a place",
    "cap.states": "in which states a place is held",
    "limits[]": "a limit",
    "limits[].at_most": "how many",
    "limits[].per": "counted per",
    "limits[].types": "of which types; none means all",
    "limits[].states": "counted in which states",
    "regions.NAME": "the countries of a region",
    "projects_per_year": "how many projects may start in a year",
    "priority_partnerships_per_year": "how many partnerships may have priority in a year",
    "criteria.version": "the version of the criteria",
    "criteria.lowest": "the foot of the scale",
    "criteria.highest": "the top of the scale",
    "criteria.items[]": "a criterion",
    "criteria.items[].question": "what is asked",
    "criteria.items[].weight": "how much it counts",
    "criteria.items[].mandatory": "whether nothing is accepted without it",
    "priorities[]": "a priority, and its days",
    "bodies[]": "a body that decides",
    "bodies[].home_side": "whether it may answer for an objective without being a party",
    "bodies[].signs_up_to": "the most money that it signs for",
    "bodies[].types": "the types that it signs; none means all",
    "bodies[].recorded_by": "which roles record what it decided",
    "bodies[].resolution": "whether its resolution must be attached",
    "signs_up_to": "the most money that a decider signs for without a body",
    "conditions[]": "a point of the checklist",
    "conditions[].question": "what is asked",
    "conditions[].trigger": "before which trigger",
    "conditions[].types": "for which types; none means all",
    "conditions[].answers": "how an answer must begin",
    "vocabulary.origins": "where proposals come from",
    "vocabulary.roles": "the home side's part",
    "vocabulary.party_kinds": "what parties are",
    "vocabulary.partner_reasons": "why an alternative partner",
    "vocabulary.project_kinds": "what projects are",
    "vocabulary.objective_kinds": "what projects are for",
    "vocabulary.grounds": "grounds for not going on",
    "deadlines.decision_days": "days until a decision is owed",
    "deadlines.negotiation_days": "days until a negotiation's end is owed",
    "deadlines.evaluation_days": "days until an evaluation's end is owed",
    "deadlines.renewal_days": "days until a renewal's end is owed",
    "evaluation_window_months": "months before its end in which an agreement may be evaluated",
    "takeover_review_months": "months until the review of one taken over without an end",
    "dormancy_months": "months without activity until one is called dormant",
    "backdating_days": "days that an act may be dated back",
    "lapse_notice_days": "days that a notice is out before an agreement lapses",
    "deferral_days": "days that a decision may be put off",
    "approval_days": "days that an approval stands",
    "publish_days": "days from signing until an agreement is to be public",
    "annual_report_days": "days from a year's end until its annual report is owed",
    "notices.before": "days ahead of a date on which somebody is told",
    "notices.repeat": "days after which an alert is repeated; 0 for never",
    "notices.to": "who is told first",
    "notices.louder": "who is told too, each time that an alert is repeated",
    "notices.off": "what nobody is told of",
    "guards": "what a guard does",
    "waivers.by": "who may waive an unmet condition",
    "waivers.guards": "of which guards conditions may be waived",
    "attachments.largest_mb": "how large a file may be, in megabytes",
    "attachments.at_most": "how many files an agreement may have",
    "attachments.endings": "which files are taken",
    "publishing.states": "which states of what was never signed are public",
    "publishing.languages": "the languages of the register, the first of them first",
    "in_flight": "what a new policy means for what is in decision or negotiation",
}
"""What every key in which policies can differ says, in a few words; held against the model."""

_NAMES = frozenset({"code", "name"})


def changes_text(changes: Sequence[PolicyChange]) -> str:
    """Return differences as people read them, group by group; nothing where there are none."""
    return "".join(
        f"\n{style(GROUP_TITLES[group], bold=True)}\n{''.join(map(_change, alike))}"
        for group, alike in groupby(changes, key=lambda change: change.group)
    )


def _change(change: PolicyChange) -> str:
    lines = [paragraphs(f"{one_line(change.key)}: {KEYS[change.of]}", width(), first="  ")]
    words = _words(change)
    for sign, value, colour in (("-", words[0], "red"), ("+", words[1], "green")):
        text = paragraphs(value, width(), first=f"    {sign} ")
        lines.append(style(text, fg=colour))
    return "\n".join(lines) + "\n"


def _words(change: PolicyChange) -> tuple[str, str]:
    """Return both values; of two long lists of words only those that differ."""
    old, new = change.before, change.after
    if isinstance(old, tuple) and isinstance(new, tuple) and set(old) & set(new):
        less = [word for word in old if word not in new]
        more = [word for word in new if word not in old]
        return _named("without", less), _named("with", more)
    return said(old), said(new)


def _named(what: str, words: Sequence[object]) -> str:
    return f"{what} {', '.join(map(str, words))}" if words else f"{what} nothing else"


def said(value: object) -> str:
    """Return a policy's value as its file would say it; an entry with all that it says."""
    if value is None:
        return "none"
    if isinstance(value, frozenset):
        return "; ".join(sorted(map(said, value)))
    if is_dataclass(value):
        return ", ".join(_parts(value)) or "as it stands, with nothing else said"
    if isinstance(value, Mapping):
        return ", ".join(f"{key} {said(item)}" for key, item in value.items())
    if isinstance(value, tuple):
        return ", ".join(map(said, value)) or "none"
    return _scalar(value)


def _scalar(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, Decimal):
        return f"{value:f}"
    return one_line(value) or "none"


def _parts(value: Any) -> Iterator[str]:  # noqa: ANN401 - any entry of the model
    for field in fields(value):
        item = getattr(value, field.name)
        if item == field.default or item in ("", (), {}, None) or field.name in _NAMES:
            continue
        text = f'"{one_line(item)}"' if isinstance(item, str) and " " in item else said(item)
        yield f"{field.name} {text}"
