"""What `status` reads, as Core expressions: runs, what is due soon, the outbox by state."""

from typing import Any

from sqlalchemy import and_, bindparam, func, or_, select
from sqlalchemy.sql.expression import BindParameter

from lifecycle.watching import WATCHED_IN
from states.watch import JUNCTURES
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

# As `lifecycle.alerting.is_asked` has it, so that a juncture that has moved on is not told of.
_ASKED = or_(
    *(
        and_(
            watch.c.rule == rule,
            or_(*(agreement.c.state == state for state in sorted(states))),
            and_(agreement.c.due_rule == rule.value, agreement.c.due == watch.c.due)
            if rule in JUNCTURES
            # Where the policy tells nobody of a rule, only what the calendar itself does is told.
            else watch.c.next_on.is_not(None),
        )
        for rule, states in WATCHED_IN.items()
    )
)
_AHEAD = and_(
    watch.c.program_id == _PROGRAM,
    watch.c.due >= _DAY,
    watch.c.due <= _UNTIL,
    agreement.c.voided.is_(None),
    _ASKED,
)
_SAME = and_(watch.c.program_id == agreement.c.program_id, watch.c.key == agreement.c.key)
AHEAD = (
    select(*STANDING, watch.c.rule, watch.c.item, watch.c.due, watch.c.next_on)
    .join(agreement, _SAME)
    .where(_AHEAD)
    .order_by(watch.c.due, watch.c.key, watch.c.rule, watch.c.item)
    .limit(_MOST)
)
COUNT_AHEAD = select(func.count()).select_from(watch).join(agreement, _SAME).where(_AHEAD)

COUNT_MAIL = (
    select(mail.c.state, func.count(), func.min(mail.c.made_at))
    .where(mail.c.program_id == _PROGRAM)
    .group_by(mail.c.state)
    .order_by(mail.c.state)
)
