"""The page of one agreement: where it stands, what comes next, and what is missing for it."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

import msgspec

from cli.output.attachments import Kept, attachments_table
from cli.output.conditions import step
from cli.output.decisions import decisions
from cli.output.document import plain
from cli.output.obligations import owed_shape, owed_table
from cli.output.progress import indicators_table, milestones_table, progress_shape
from cli.output.scores import priorities_text, priority_shape, weighed_shape, weighed_text
from cli.output.shapes import (
    Shape,
    approval_shape,
    next_shape,
    record_shape,
    standing_shape,
    term_shape,
    waiver_shape,
)
from cli.output.streams import style, width
from cli.output.table import Column, table
from cli.output.text import one_line, paragraphs
from cli.output.words import LONG_DUE, plural, policy_words, void_words
from guards.policy import Priority
from lifecycle.checking import Next
from lifecycle.choosing.weighing import Weighed
from lifecycle.partners.obligations import Owed
from lifecycle.results.progress import Progress, of_term, progress_of
from states.agreement import Agreement, Project
from states.records import PUBLISHED, Record
from states.ref import Ref
from states.standing import Approval, Standing, Waiver
from states.terms import TermRow
from states.vocabulary import DRAFTED, FINAL

_LABEL = 10


class Whole(msgspec.Struct, frozen=True, kw_only=True):
    """Everything about one agreement, read at one moment.

    Each approval and waiver comes with why it stands no more, or None. `then` names the day that
    has passed where it is as it was; what comes next is then not asked.
    """

    ref: Ref
    standing: Standing
    today: date
    document: Agreement
    next: tuple[Next, ...]
    records: tuple[tuple[int, Record], ...]
    terms: tuple[TermRow, ...]
    policy: str
    in_force: str
    sandbox: bool
    approvals: tuple[tuple[Approval, str | None], ...] = ()
    waivers: tuple[tuple[Waiver, str | None], ...] = ()
    attachments: tuple[Kept, ...] = ()
    corrects: Mapping[int, int] = msgspec.field(default_factory=dict)
    owed: Sequence[Owed] = ()
    then: str | None = None
    weighed: Weighed | None = None
    serves: tuple[Priority, ...] = ()

    @property
    def progress(self) -> Progress:
        """How far the present term is."""
        records = of_term(self.records, self.terms, self.standing.term)
        return progress_of(self.document, records, self.today)


def shape_of(whole: Whole) -> Shape:
    """Return an agreement as JSON."""
    return {
        **standing_shape(whole.ref, whole.standing, whole.today),
        "signed_on": whole.standing.signed_on,
        "terms": [term_shape(term) for term in whole.terms],
        "policy": whole.policy,
        "policy_in_force": whole.in_force,
        "document": plain(whole.document),
        "next": [next_shape(move, whole.policy, whole.ref) for move in whole.next],
        "records": [record_shape(n, it, whole.corrects.get(n)) for n, it in whole.records],
        "obligations": [owed_shape(one) for one in whole.owed],
        "attachments": [one.shape() for one in whole.attachments],
        "approvals": [approval_shape(*given) for given in whole.approvals],
        "waivers": [waiver_shape(*given) for given in whole.waivers],
        "sandbox": whole.sandbox,
        "weighed": weighed_shape(whole.weighed) if whole.weighed else None,
        "serves": [priority_shape(one) for one in whole.serves],
        "progress": progress_shape(whole.progress),
    }


def page(whole: Whole) -> str:
    """Return an agreement as people read it."""
    parts = ["".join(_head(whole)), "" if whole.then else _next(whole)]
    if given := decisions(whole.approvals, whole.waivers):
        parts.append(_heading("Approvals and waivers") + given)
    parts.append(_projects(whole.document))
    if whole.owed:
        parts.append(_heading("Obligations") + owed_table(whole.owed))
    if whole.standing.state not in DRAFTED:
        parts += _progress(whole.progress)
    if len(whole.terms) > 1:
        parts.append(_terms(whole.terms))
    if whole.records:
        parts.append(_heading("Records") + records_table(whole.records))
    if whole.attachments:
        parts.append(_heading("Attachments") + attachments_table(whole.attachments))
    if whole.then:
        parts.insert(0, paragraphs(whole.then, width()))
    more = f"More: lifecycle show {whole.ref} --document, lifecycle log {whole.ref}\n"
    return "\n".join([*filter(None, parts), more])


def records_table(records: Sequence[tuple[int, Record]]) -> str:
    """Return records as a table."""
    columns = (
        Column("LINE", right=True),
        Column("ON"),
        Column("KIND"),
        Column("WHAT", flexible=True),
    )
    return table(columns, [(n, record.on, record.kind, _said(record)) for n, record in records])


def _heading(text: str) -> str:
    return f"{style(text, bold=True)}\n"


def _head(whole: Whole) -> Iterator[str]:
    standing = whole.standing
    title = paragraphs(standing.title, width(), first=f"{whole.ref}  ")
    yield f"{style(title, bold=True)}\n"
    country = f" ({standing.country})" if standing.country else ""
    partner = f" with {standing.partner}{country}" if standing.partner else ", no partner named"
    taken = ", taken over" if standing.taken_over else ""
    sandbox = ", in a sandbox" if whole.sandbox else ""
    former = f" (formerly {standing.former_type})" if standing.former_type else ""
    yield paragraphs(f"{standing.type}{former}{partner}{taken}{sandbox}", width()) + "\n\n"
    for label, text in _facts(whole):
        yield paragraphs(text, width(), first=f"{label:<{_LABEL}}") + "\n"


def _facts(whole: Whole) -> Iterator[tuple[str, str]]:
    standing = whole.standing
    yield "State", f"{standing.state} since {standing.entered_on}, version {standing.version}"
    if standing.voided:
        yield "Void", void_words(standing)
    yield "Owner", standing.owner
    if standing.term_start is not None:
        yield (
            "Term",
            f"{standing.term}: {standing.term_start} to {standing.term_end}, that day included",
        )
    elif standing.review is not None:
        yield "Review", f"no term; reviewed on {standing.review}"
    if standing.signed_on is not None:
        yield "Signed", standing.signed_on
    elif standing.unsigned_origin:
        yield "Signed", "nobody knows when"
    if standing.due is not None and standing.due_rule is not None:
        late = " (overdue)" if standing.due < whole.today else ""
        put_off = ", to which it was put off" if standing.due == standing.deferred else ""
        yield "Due", f"{standing.due}: {LONG_DUE[standing.due_rule]}{put_off}{late}"
    if whole.weighed is not None:
        yield "Scores", weighed_text(whole.weighed)
    if whole.serves:
        yield "Serves", priorities_text(whole.serves)
    yield "Policy", policy_words(whole.policy, whole.in_force)


def _next(whole: Whole) -> str:
    if whole.standing.voided:
        return _heading("What comes next") + f"  Nothing: {void_words(whole.standing)}.\n"
    if whole.standing.state in FINAL:
        return _heading("What comes next") + f"  Nothing: {whole.standing.state} is final.\n"
    moves = [move for move in whole.next if not _switched_off(move)]
    steps = "\n".join(step(move, str(whole.ref), brief=True) for move in moves)
    return _heading("What comes next") + steps


def _switched_off(move: Next) -> bool:
    """Whether the policy has no use for a step at all: in most, nothing lapses."""
    return any(unmet.code == "lapse.off" for _severity, unmet in move.unmet)


def _projects(document: Agreement) -> str:
    if not document.projects:
        return ""
    lines = [
        paragraphs(_project(item), width(), first="  ", rest="    ") for item in document.projects
    ]
    return _heading("Projects") + "\n".join(lines) + "\n"


def _progress(progress: Progress) -> Iterator[str]:
    if progress.indicators:
        yield _heading("Indicators") + indicators_table(progress.indicators)
    if progress.milestones:
        yield _heading("Milestones") + milestones_table(progress.milestones)


def _project(project: Project) -> str:
    until = f", until {project.end}" if project.end else ""
    examined = f", examined {project.examined}" if project.examined else ""
    kind = f" ({project.kind})" if project.kind else ""
    objectives = len(project.objectives)
    count = f", {plural(objectives, 'objective')}"
    return f"{project.id}: {one_line(project.name)}{kind}{until}{examined}{count}"


def _terms(terms: Sequence[TermRow]) -> str:
    columns = (
        Column("TERM", right=True),
        Column("START"),
        Column("END"),
        Column("SIGNED"),
        Column("ACTIVATED"),
        Column("CONCLUDED", flexible=True),
    )
    rows = [
        (
            term.term,
            term.starts,
            term.ends,
            term.signed_on,
            term.activated_on,
            f"{term.concluded_on} {term.concluded_by}" if term.concluded_on else None,
        )
        for term in terms
    ]
    return _heading("Terms") + table(columns, rows)


def _said(record: Record) -> str:
    if record.kind == PUBLISHED:
        return f"term {record.term} at {record.url}"
    names = [name for name in Record.__dataclass_fields__ if name not in {"kind", "on", "text"}]
    given = [
        f"{name} {getattr(record, name)}" for name in names if getattr(record, name) is not None
    ]
    return ": ".join(filter(None, (", ".join(given), record.text)))
