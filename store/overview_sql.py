"""What `status` reads, as Core expressions: runs, what is due soon, the outbox by state."""

from typing import Any

from sqlalchemy import and_, bindparam, func, literal_column, null, or_, select, union_all
from sqlalchemy.sql.expression import BindParameter

from lifecycle.watching import WATCHED_IN
from states.vocabulary import DueRule
from states.watch import JUNCTURES
from store.night_sql import told_by
from store.rows import STANDING
from store.tables import agreement, mail, run, watch

_PROGRAM: BindParameter[Any] = bindparam("program_id")
_DAY: BindParameter[Any] = bindparam("day")
_UNTIL: BindParameter[Any] = bindparam("until")
_MOST: BindParameter[Any] = bindparam("most")

NIGHT = (
    run.c.id,
    run.c.run_date,
    run.c.host,
    run.c.outcome,
    run.c.started_at,
    run.c.heartbeat_at,
    run.c.finished_at,
    run.c.counts,
    run.c.cause,
    run.c.log_file,
    run.c.pid,
)
_NIGHTS = select(*NIGHT).where(run.c.program_id == _PROGRAM)
NIGHTS = _NIGHTS.order_by(run.c.started_at.desc(), run.c.id.desc()).limit(_MOST)
NIGHTS_CALLED = (
    _NIGHTS.where(run.c.id.like(bindparam("pattern"), escape="!")).order_by(run.c.id).limit(_MOST)
)
# By the day that it was for, and not by when it ended: that is the index, and it comes to the same.
LAST_COMPLETED = (
    _NIGHTS.where(run.c.outcome == "completed")
    .order_by(run.c.run_date.desc(), run.c.finished_at.desc())
    .limit(1)
)

# A juncture is the agreement's own, told of or not; of all else only what somebody is told of.
_JUNCTURES = select(
    agreement.c.key,
    agreement.c.due_rule.label("rule"),
    literal_column("''").label("item"),
    agreement.c.due,
    null().label("next_on"),
).where(
    agreement.c.program_id == _PROGRAM,
    or_(*(agreement.c.due_rule == rule for rule in DueRule)),
    agreement.c.due.between(_DAY, _UNTIL),
)
_OWED = told_by(_UNTIL, watch.c.due >= _DAY, *(watch.c.rule != rule for rule in sorted(JUNCTURES)))
_AHEAD = union_all(_JUNCTURES, *_OWED).subquery("ahead")
_ASKED = or_(
    *(
        and_(_AHEAD.c.rule == rule, or_(*(agreement.c.state == state for state in sorted(states))))
        for rule, states in WATCHED_IN.items()
    )
)
_STANDS_AHEAD = and_(
    agreement.c.program_id == _PROGRAM,
    agreement.c.key == _AHEAD.c.key,
    agreement.c.voided.is_(None),
    _ASKED,
)
AHEAD = (
    select(*STANDING, _AHEAD.c.rule, _AHEAD.c.item, _AHEAD.c.due, _AHEAD.c.next_on)
    .where(_STANDS_AHEAD)
    .order_by(_AHEAD.c.due, _AHEAD.c.key, _AHEAD.c.rule, _AHEAD.c.item)
    .limit(_MOST)
)
COUNT_AHEAD = select(func.count()).select_from(agreement).where(_STANDS_AHEAD)

COUNT_MAIL = (
    select(mail.c.state, func.count(), func.min(mail.c.made_at))
    .where(mail.c.program_id == _PROGRAM)
    .group_by(mail.c.state)
    .order_by(mail.c.state)
)
