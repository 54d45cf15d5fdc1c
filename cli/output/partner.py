"""The page of one partner: agreements, obligations, every division's work, who else is engaged."""

from collections.abc import Iterator, Sequence

from cli.output.markdown import md_table, md_text
from cli.output.obligations import became, called
from cli.output.partner_shape import (
    MENTION_KEYS,
    OBLIGATION_KEYS,
    TASK_KEYS,
    WORK_KEYS,
    engaged_rows,
    obligation_rows,
    what,
    work_rows,
)
from cli.output.partners import tie_shape
from cli.output.shapes import Shape
from cli.output.streams import style, width
from cli.output.table import Column, table
from cli.output.text import one_line, paragraphs
from cli.output.workbook import Sheet, workbook
from cli.partners import partner_name
from lifecycle.partners.divisions import Division, Work
from lifecycle.partners.engaged import Engaged, Measured
from lifecycle.partners.profile import Letter, Profile
from states.money import Money
from states.vocabulary import State

_LABEL = 10
_STATES = {state: place for place, state in enumerate(State)}
_AGREEMENTS = (
    Column("STATE"),
    Column("REF"),
    Column("TYPE", flexible=True),
    Column("TITLE", flexible=True),
    Column("ROLE"),
    Column("SIGNED", optional=True),
)
_OWED = (
    Column("REF"),
    Column("SIDE"),
    Column("OBLIGATION", flexible=True),
    Column("WHAT BECAME OF IT", flexible=True),
)
_WORK = (Column("YEAR"), Column("REF"), Column("KIND"), Column("WHAT", flexible=True))


def partner_page(profile: Profile) -> str:
    """Return everything about one partner as people read it."""
    parts = ["".join(_head(profile)), _heading("Agreements") + _agreements(profile)]
    if profile.owed:
        rows = [
            (ref, one.obligation.side, called(one), became(one))
            for ref, owed in profile.owed
            for one in owed
        ]
        parts.append(_heading("What each side owes") + table(_OWED, rows))
    parts += [_work(one) for one in profile.divisions]
    if profile.itself and (profile.itself.tasks or profile.itself.mentions):
        parts.append(_heading("What it did") + "".join(_did(profile.itself)))
    if profile.others:
        told = "".join(_other(one) for one in profile.others)
        parts.append(_heading("Alternative partners") + told)
    if profile.akin:
        parts.append(_akin(profile))
    return "\n".join(parts)


def partner_markdown(profile: Profile) -> str:
    """Return everything about one partner as Markdown."""
    tables = [(sheet, list(sheet.rows)) for sheet in _sheets(profile)]
    return f"# {md_text(partner_name(profile.partner))}\n" + "".join(
        f"\n## {sheet.title}\n\n{md_table(sheet.columns, rows)}" for sheet, rows in tables if rows
    )


def partner_workbook(profile: Profile) -> bytes:
    """Return everything about one partner as a workbook, a sheet a table."""
    return workbook(_sheets(profile))


def _sheets(profile: Profile) -> Iterator[Sheet]:
    ties = [tie_shape(tie) for tie in profile.partner.ties]
    yield _sheet("Agreements", tuple(ties[0]), ties)
    yield _sheet("Obligations", OBLIGATION_KEYS, obligation_rows(profile))
    yield _sheet("Work by division", WORK_KEYS, work_rows(profile.divisions))
    tasks, mentions = engaged_rows(profile)
    yield _sheet("Results of alternative partners", TASK_KEYS, tasks)
    yield _sheet("Records that name them", MENTION_KEYS, mentions)


def _sheet(title: str, keys: Sequence[str], rows: Sequence[Shape]) -> Sheet:
    return Sheet(title, keys, [[row.get(key) for key in keys] for row in rows])


def _heading(text: str) -> str:
    return f"{style(one_line(text), bold=True)}\n"


def _head(profile: Profile) -> Iterator[str]:
    partner = profile.partner
    yield style(paragraphs(partner_name(partner), width()), bold=True) + "\n\n"
    kinds = ", ".join(partner.kinds)
    alternative = ", an alternative partner" if partner.alternative else ""
    facts = (
        ("Also", ", ".join(partner.aliases)),
        ("Kind", f"{kinds}{alternative}"),
        ("Side", ", ".join(partner.sides)),
        ("Metro", ", ".join(partner.metros)),
        ("Why", ", ".join(partner.reasons)),
        ("Since", partner.since or ""),
        ("Letters", _letters(profile.sent, profile.received)),
    )
    for label, text in facts:
        if text:
            yield paragraphs(one_line(text), width(), first=f"{label:<{_LABEL}}") + "\n"


def _letters(sent: Letter | None, received: Letter | None) -> str:
    told = [
        f"last {word} on {letter.record.on} ({letter.ref})"
        for word, letter in (("sent", sent), ("received", received))
        if letter
    ]
    return ", ".join(told)


def _agreements(profile: Profile) -> str:
    ties = sorted(profile.partner.ties, key=lambda tie: (_STATES[tie.state], tie.ref))
    rows = [(tie.state, tie.ref, tie.type, tie.title, tie.role, tie.signed) for tie in ties]
    return table(_AGREEMENTS, rows)


def _work(division: Division) -> str:
    name = division.name or "No division stated"
    rows = [(work.year, work.ref, work.kind, _what(work)) for work in division.work]
    return _heading(f"Work: {name}") + table(_WORK, rows)


def _what(work: Work) -> str:
    record, project = work.record, work.project
    if record is None:
        until = f", until {project.end}" if project and project.end else ""
        return f"{what(work)}{until}"
    return ": ".join(filter(None, (_amount(work), what(work)))) + f" (line {work.n})"


def _amount(work: Work) -> str:
    record = work.record
    if record is None or record.value is None:
        return ""
    if record.currency:
        return str(Money(record.value, record.currency))
    return f"{record.value:f} {record.unit or ''}".strip()


def _other(engaged: Engaged) -> str:
    party = engaged.party
    facts = filter(None, (party.kind, party.country, party.why))
    head = f"{party.name} ({', '.join(facts)}): {', '.join(map(str, engaged.refs))}"
    did = "".join(_did(engaged)) or "    - nothing is on record of what it did\n"
    return f"{paragraphs(one_line(head), width(), first='  ', rest='    ')}\n{did}"


def _did(engaged: Engaged) -> Iterator[str]:
    """Yield what a party answers for, how far that came, and the records that name it."""
    for task in engaged.tasks:
        results = "; ".join(map(_result, task.measured)) or "nothing is measured"
        said = f"{task.ref}, {task.project.name}: {task.objective.objective} {results}"
        yield paragraphs(one_line(said), width(), first="    - ", rest="      ") + "\n"
    for mention in engaged.mentions:
        record = mention.record
        text = ": ".join(filter(None, (record.item, record.text)))
        said = f"{record.on}, {record.kind}: {text} ({mention.ref}, line {mention.n})"
        yield paragraphs(one_line(said), width(), first="    - ", rest="      ") + "\n"


def _result(measured: Measured) -> str:
    indicator, actual = measured.indicator, measured.actual
    target = "no target" if indicator.target is None else f"target {indicator.target:f}"
    if actual is None or actual.value is None:
        return f"{indicator.name}: no actual yet, {target}"
    return f"{indicator.name}: {actual.value:f} of {target} on {actual.on} (line {measured.n})"


def _akin(profile: Profile) -> str:
    one = profile.akin[0].name
    names = ", ".join(map(partner_name, profile.akin))
    said = (
        f"{names}: if that is the same partner, say so: "
        f'lifecycle partner alias "{profile.partner.name}" "{one}" --same'
    )
    return (
        _heading("Names that come close") + paragraphs(one_line(said), width(), first="  ") + "\n"
    )
