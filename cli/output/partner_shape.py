"""Everything about one partner as JSON, and as rows for workbooks and Markdown."""

from collections.abc import Sequence

from cli.output.obligations import owed_shape
from cli.output.partners import partner_shape
from cli.output.shapes import Shape
from lifecycle.partners.divisions import Division, Work
from lifecycle.partners.engaged import Engaged, Measured, Mention, Task
from lifecycle.partners.profile import Letter, Profile
from states.money import Money
from states.records import Record

OBLIGATION_KEYS = ("ref", "side", "id", "what", "due", "status", "on", "outcome", "text", "n")
WORK_KEYS = ("division", "year", "ref", "kind", "on", "what", "amount", "unit", "project", "n")
TASK_KEYS = ("partner", "ref", "project", "objective", "indicator", "target", "actual", "unit", "n")
MENTION_KEYS = ("partner", "ref", "on", "kind", "text", "n")


def profile_shape(profile: Profile) -> Shape:
    """Return everything about a partner as JSON; keys are only ever added."""
    return {
        **partner_shape(profile.partner),
        "obligations": obligation_rows(profile),
        "divisions": [_division(one) for one in profile.divisions],
        "correspondence": {"sent": _letter(profile.sent), "received": _letter(profile.received)},
        "results": _engaged(profile.itself) if profile.itself else None,
        "alternative_partners": [_engaged(one) for one in profile.others],
        "akin": [{"name": one.name, "country": one.country} for one in profile.akin],
    }


def obligation_rows(profile: Profile) -> list[Shape]:
    """Return the obligations under all of a partner's agreements."""
    return [{"ref": str(ref), **owed_shape(one)} for ref, ledger in profile.owed for one in ledger]


def work_rows(divisions: Sequence[Division]) -> list[Shape]:
    """Return the work of all divisions, one a row."""
    return [{"division": one.name, **work_shape(work)} for one in divisions for work in one.work]


def work_shape(work: Work) -> Shape:
    """Return one project, or one record of work."""
    record = work.record
    return {
        "year": work.year,
        "ref": str(work.ref),
        "kind": work.kind,
        "on": record.on if record else None,
        "what": what(work),
        "amount": _digits(record),
        "unit": (record.currency or record.unit) if record else None,
        "project": work.project.id if work.project else None,
        "n": work.n,
    }


def what(work: Work) -> str:
    """Return what was done, in words."""
    if work.record is None:
        return work.project.name if work.project else ""
    return ": ".join(filter(None, (work.record.item, work.record.text)))


def engaged_rows(profile: Profile) -> tuple[list[Shape], list[Shape]]:
    """Return what alternative partners answer for, and the records that name them."""
    everybody = [*([profile.itself] if profile.itself else []), *profile.others]
    tasks = [
        {"partner": one.party.name, **row}
        for one in everybody
        for task in one.tasks
        for row in _task_rows(task)
    ]
    mentions = [
        {"partner": one.party.name, **_mention(mention)}
        for one in everybody
        for mention in one.mentions
    ]
    return tasks, mentions


def _division(division: Division) -> Shape:
    return {"division": division.name, "work": [work_shape(work) for work in division.work]}


def _letter(letter: Letter | None) -> Shape | None:
    if letter is None:
        return None
    return {
        "ref": str(letter.ref),
        "on": letter.record.on,
        "text": letter.record.text,
        "n": letter.n,
    }


def _engaged(engaged: Engaged) -> Shape:
    party = engaged.party
    return {
        "name": party.name,
        "country": party.country,
        "kind": party.kind,
        "why": party.why,
        "refs": [str(ref) for ref in engaged.refs],
        "objectives": [_task(task) for task in engaged.tasks],
        "records": [_mention(mention) for mention in engaged.mentions],
    }


def _task(task: Task) -> Shape:
    return {**_asked(task), "indicators": [_measured(one) for one in task.measured]}


def _asked(task: Task) -> Shape:
    return {
        "ref": str(task.ref),
        "project": task.project.id,
        "objective": task.objective.objective,
    }


def _measured(measured: Measured) -> Shape:
    indicator, actual = measured.indicator, measured.actual
    return {
        "indicator": indicator.name,
        "unit": indicator.unit,
        "baseline": indicator.baseline,
        "target": indicator.target,
        "actual": actual.value if actual else None,
        "on": actual.on if actual else None,
        "source": actual.source if actual else None,
        "n": measured.n,
    }


def _task_rows(task: Task) -> list[Shape]:
    asked = _asked(task)
    return [{**asked, **_measured(one)} for one in task.measured] or [asked]


def _mention(mention: Mention) -> Shape:
    record = mention.record
    return {
        "ref": str(mention.ref),
        "on": record.on,
        "kind": record.kind,
        "text": ": ".join(filter(None, (record.item, record.text))),
        "n": mention.n,
    }


def _digits(record: Record | None) -> str | None:
    """Return a record's amount as JSON has amounts: digits, as text."""
    if record is None or record.value is None:
        return None
    return Money(record.value, "").plain
