"""A life in which every text that people write has a mark of its own, to be looked for afterwards.

A mark is `zq`, where the text stands, `qz`, in letters and digits alone, so that it is the same in
a page, a table, a calendar, a picture and an address.
"""

import re
from dataclasses import fields, is_dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any, TypeVar

from states.agreement import (
    Agreement,
    Contact,
    Endorsement,
    Obligation,
    Signature,
    TakenOver,
)
from states.records import Evaluation, Record, ScoreSheet
from states.ref import Ref
from states.vocabulary import State, Trigger
from tests.builders import complete_agreement, evaluation, score_sheet
from tests.stage import Stage

T = TypeVar("T")

STAFF, DECIDER, OTHER = "zqstaffqz", "zqdeciderqz", "zqotherqz"
_MARK = re.compile(rb"zq([a-z0-9]+)qz")
_FOLD = re.compile(rb"\r\n[ \t]")


def marks_in(data: bytes) -> set[str]:
    """Return where the texts stood whose marks are in a file's bytes, folded lines put together."""
    return {found.decode() for found in _MARK.findall(_FOLD.sub(b"", data))}


def marked(value: T, where: str) -> T:
    """Return a value in which each text that people write has its mark."""
    changes: dict[str, Any] = {}
    for field in fields(value):  # type: ignore[arg-type] # always a dataclass
        at, held = f"{where}{field.name.replace('_', '')}", getattr(value, field.name)
        if "longest" in field.metadata and (held is None or isinstance(held, str)):
            changes[field.name] = f"zq{at}qz"
        elif isinstance(held, tuple) and held and is_dataclass(held[0]):
            changes[field.name] = tuple(marked(one, f"{at}{n}") for n, one in enumerate(held))
        elif is_dataclass(held) and not isinstance(held, type):
            changes[field.name] = marked(held, at)
    return replace(value, **changes)  # type: ignore[type-var]


def document(where: str, **more: Any) -> Agreement:  # noqa: ANN401 - any field of Agreement
    """Return a complete friendship of which every text is marked."""
    whole = complete_agreement(
        type="friendship",
        endorsement=Endorsement("", date(2026, 8, 2)),
        obligations=(Obligation("o", "partner", "", date(2027, 9, 1)),),
        signatures=(Signature("home", "", "", date(2027, 1, 1)),),
        contacts=(Contact("partner", ""),),
        aliases=(f"zq{where}aliasqz",),
        **more,
    )
    made = marked(whole, where)
    [project], home = made.projects, made.parties[0].name
    objectives = tuple(replace(one, responsible=home) for one in project.objectives)
    return replace(made, projects=(replace(project, objectives=objectives),))


def lived(stage: Stage) -> Ref:
    """Let an agreement live up to the draft of its second term; returns it."""
    ref = stage.propose(replace(document("first"), termination_guidelines=""), actor=STAFF)
    _pull(stage, ref, Trigger.SUBMIT)
    stage.score(ref, _scores("scores"), actor=STAFF)
    _pull(stage, ref, Trigger.ACCEPT, on_behalf_of="City Council", item="zqitemqz")
    stage.waive(ref, "guidelines_stated:termination.missing", Trigger.SIGN, **_by(OTHER, "waiver"))
    stage.approve(ref, "sign", actor=OTHER, reason="zqapprovalqz")
    _pull(stage, ref, Trigger.SIGN)
    _pull(stage, ref, Trigger.ACTIVATE)
    for fact in facts(stage.day):
        assert not stage.record(ref, fact, **_by(DECIDER, f"record{fact.kind}")).refused, fact
    paper = {"actor": STAFF, "kind": "signed"}
    stage.attach(ref, "zqopennameqz.pdf", body=b"%PDF zqopenbodyqz", public=True, **paper)
    stage.attach(ref, "zqshutnameqz.pdf", body=b"%PDF zqshutbodyqz", **paper)
    _pull(stage, ref, Trigger.TERMINATE, ground="needs_changed")
    stage.evaluate(ref, _evaluation("evaluation"), actor=STAFF)
    stage.report(ref)
    _pull(stage, ref, Trigger.RENEW)
    _pull(stage, ref, Trigger.RENEGOTIATE)
    stage.apply(ref, document("second", title="x"), **_by(STAFF, "draft"))
    return ref


def others(stage: Stage) -> None:
    """Let there be a proposal, something declined, what was voided, and what was taken over."""
    stage.propose(document("proposal"), actor=STAFF)
    declined = stage.propose(document("declined"), actor=STAFF)
    _pull(stage, declined, Trigger.SUBMIT)
    _pull(stage, declined, Trigger.DECLINE, ground="fails_criteria")
    voided = stage.reach(State.SIGNED, document("voided"))
    stage.voided(voided)
    origin = {"term": None, "projects": (), "milestones": (), "aliases": ()}
    before = complete_agreement(taken_over=TakenOver("1986", ""), **origin)
    stage.take_over(marked(before, "old"), actor=STAFF)
    evaluated = stage.reach(State.EVALUATION)
    stage.evaluate(evaluated, _evaluation("undecided"), actor=STAFF)


def facts(day: date) -> list[Record]:
    """Return a record of each kind that people record, each text of it marked."""
    base = [
        Record("activity", day),
        Record("actual", day, value=Decimal(9)),
        Record("milestone", day),
        Record("expenditure", day, value=Decimal(9), currency="CAD", year=day.year),
        *(Record("annual", day, item=part, year=day.year) for part in ("goals", "summary")),
        Record("correspondence", day, direction="received"),
        Record("note", day),
        Record("priority", day, year=day.year),
    ]
    texts = [replace(one, text=f"zqtext{one.kind}{one.item or ''}qz") for one in base]
    items = {"actual": "zqfirstprojects0objectives0indicators0nameqz", "milestone": "first-mission"}
    return [
        replace(
            one,
            item=items.get(one.kind, one.item),
            project="trade-mission" if one.kind == "expenditure" else None,
            source=f"zqsource{one.kind}qz" if one.kind == "actual" else None,
        )
        for one in texts
    ]


def _pull(stage: Stage, ref: Ref, trigger: Trigger, **order: Any) -> None:  # noqa: ANN401
    if trigger is Trigger.ACTIVATE:
        start = stage.standing(ref).term_start
        assert start is not None
        stage.day = max(stage.day, start)
    who = STAFF if trigger in {Trigger.SUBMIT, Trigger.RENEGOTIATE} else DECIDER
    told = {"actor": who, "reason": f"zqreason{trigger}qz", **order}
    receipt = stage.advance(ref, trigger, **told)
    assert not receipt.refused, receipt.unmet


def _by(actor: str, what: str) -> dict[str, str]:
    return {"actor": actor, "reason": f"zqreason{what}qz"}


def _scores(where: str) -> ScoreSheet:
    sheet = score_sheet()
    scores = {
        code: marked(one, f"{where}{code.replace('_', '')}") for code, one in sheet.scores.items()
    }
    factors = dict.fromkeys(sheet.factors, f"zq{where}factorqz")
    return replace(sheet, scores=scores, factors=factors)


def _evaluation(where: str) -> Evaluation:
    return marked(evaluation(), where)
