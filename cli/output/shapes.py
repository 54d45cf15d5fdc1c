"""The JSON that commands answer with, key by key; keys are only ever added.

What is missing is null, money is text, days are YYYY-MM-DD, instants are UTC.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from guards.conditions import Unmet
    from lifecycle.checking import Next
    from lifecycle.impact import StepChange
    from lifecycle.order import Receipt
    from lifecycle.replay import Finding
    from states.records import Record
    from states.ref import Ref
    from states.standing import Approval, Standing, Waiver
    from states.terms import TermRow
    from states.vocabulary import Severity

Shape = dict[str, Any]

_REF = re.compile(r"\bREF\b")


def json_text(value: object) -> str:
    """Return a value as JSON for people and machines alike."""
    return json.dumps(value, ensure_ascii=False, indent=2, default=str) + "\n"


def json_rows(rows: Iterable[Mapping[str, Any]]) -> str:
    """Return rows as a JSON array with one row a line, which is fast for long lists."""
    return "".join(json_lines(rows))


def json_lines(rows: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """Yield rows as a JSON array, piece by piece."""
    between = "[\n"
    for row in rows:
        yield between + json.dumps(row, ensure_ascii=False, default=str)
        between = ",\n"
    yield "[]\n" if between == "[\n" else "\n]\n"


def status_of(due: date | str | None, today: date, voided: str | None = None) -> list[str]:
    """Return what is derived of an agreement today: whether it is void, or overdue."""
    if voided:
        return ["void"]
    return ["overdue"] if due is not None and str(due) < str(today) else []


def standing_shape(ref: "Ref", standing: "Standing", today: date) -> Shape:
    """Return where an agreement stands, with the keys of `list`."""
    return {
        "ref": str(ref),
        "title": standing.title,
        "type": standing.type,
        "state": standing.state,
        "version": standing.version,
        "partner": standing.partner,
        "country": standing.country,
        "term": standing.term,
        "term_start": standing.term_start,
        "term_end": standing.term_end,
        "review": standing.review,
        "due": standing.due,
        "due_rule": standing.due_rule,
        "status": status_of(standing.due, today, standing.voided),
        "owner": standing.owner,
        "taken_over": standing.taken_over,
        "former_type": standing.former_type,
        "deferred": standing.deferred,
        "voided": standing.voided,
    }


def approval_shape(approval: "Approval", lapsed: str | None) -> Shape:
    """Return an approval, and whether and why it stands no more."""
    return {
        "deed": approval.deed,
        "by": approval.by,
        "at": approval.at,
        "n": approval.n,
        "until": approval.until,
        "subject": approval.subject,
        "on_behalf_of": approval.body,
        "item": approval.item,
        "policy": approval.policy,
        "stands": lapsed is None,
        "lapsed": lapsed,
    }


def waiver_shape(waiver: "Waiver", lapsed: str | None) -> Shape:
    """Return a waiver, and whether and why it stands no more."""
    return {
        "guard": waiver.guard,
        "code": waiver.code,
        "field": waiver.field,
        "trigger": waiver.trigger,
        "version": waiver.version,
        "by": waiver.by,
        "at": waiver.at,
        "n": waiver.n,
        "policy": waiver.policy,
        "stands": lapsed is None,
        "lapsed": lapsed,
    }


def to_do(unmet: "Unmet | StepChange", ref: str) -> str:
    """Return what to do about an unmet condition, with the agreement's own reference in it."""
    return _REF.sub(ref, unmet.fix)


def unmet_shape(severity: "Severity", unmet: "Unmet", ref: str) -> Shape:
    """Return one unmet condition, and by whom it was waived."""
    return {
        "guard": unmet.guard,
        "code": unmet.code,
        "field": unmet.field,
        "severity": severity,
        "message": unmet.message,
        "fix": to_do(unmet, ref),
        "rule": unmet.rule,
        "report": unmet.report,
        "waived_by": unmet.waived_by,
    }


def next_shape(step: "Next", policy: str, ref: "Ref") -> Shape:
    """Return one step that may come next, what is unmet for it, and which policy judges that."""
    return {
        "trigger": step.trigger,
        "to": step.to,
        "by": list(step.by),
        "allowed": step.allowed,
        "unmet": [unmet_shape(severity, unmet, str(ref)) for severity, unmet in step.unmet],
        "policy": policy,
        "who": list(step.who),
        "approved_by": step.approval.by if step.approval else None,
    }


def receipt_shape(receipt: "Receipt", *, dry_run: bool, **more: object) -> Shape:
    """Return a writing command's receipt, and what this command adds to it."""
    return {
        "ref": receipt.ref or None,
        "event": receipt.event,
        "trigger": receipt.trigger,
        "from": receipt.from_,
        "to": receipt.to,
        "version": receipt.version,
        "n": receipt.n,
        "outcome": receipt.outcome,
        "unmet": [unmet_shape(severity, unmet, receipt.ref) for severity, unmet in receipt.unmet],
        "effective_on": receipt.effective_on,
        "entry": receipt.entry or None,
        "dry_run": dry_run,
        "repeated": receipt.repeated,
        "approver": receipt.approver,
        "on_behalf_of": receipt.on_behalf_of,
        "item": receipt.item,
        **more,
    }


def record_shape(n: int, record: "Record", corrects: int | None = None) -> Shape:
    """Return one record with the line that it stands beside, and the one it took the place of."""
    names = record.__dataclass_fields__
    return {"n": n, **{name: getattr(record, name) for name in names}, "corrects": corrects}


def term_shape(term: "TermRow") -> Shape:
    """Return one term of an agreement."""
    return {name: getattr(term, name) for name in term.__struct_fields__}


def finding_shape(finding: "Finding") -> Shape:
    """Return one thing in which the log and the rows don't agree."""
    return {
        "stream": finding.stream,
        "n": finding.n,
        "code": finding.code,
        "message": finding.message,
    }
