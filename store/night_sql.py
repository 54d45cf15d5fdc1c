"""What the nightly check reads and writes, as Core expressions compiled once per dialect."""

from functools import cache
from typing import Any

from sqlalchemy import (
    JSON,
    Text,
    and_,
    bindparam,
    cast,
    column,
    delete,
    exists,
    func,
    insert,
    or_,
    select,
    union_all,
    update,
)
from sqlalchemy.sql.expression import BindParameter, ColumnElement, Delete, Select

from states.vocabulary import DueRule, Rule
from states.watch import JUNCTURES
from store.rows import STANDING
from store.statements import SEVERAL_KEYS
from store.tables import agreement, mail, notice, run, watch

_SAME_AGREEMENT = and_(watch.c.program_id == agreement.c.program_id, watch.c.key == agreement.c.key)
_PROGRAM: BindParameter[Any] = bindparam("program_id")
_KEY: BindParameter[Any] = bindparam("at_key")
_DAY: BindParameter[Any] = bindparam("day")
_MOST: BindParameter[Any] = bindparam("most")


def _due(*, onwards: bool) -> Select[Any]:
    statement = select(*STANDING).where(
        agreement.c.program_id == _PROGRAM,
        agreement.c.due_rule == bindparam("rule"),
        agreement.c.due <= _DAY,
    )
    if onwards:
        passed = and_(agreement.c.due == bindparam("due"), agreement.c.key > bindparam("after"))
        statement = statement.where(
            agreement.c.due >= bindparam("due"), or_(agreement.c.due > bindparam("due"), passed)
        )
    return statement.order_by(agreement.c.due, agreement.c.key).limit(_MOST)


DUE, DUE_ONWARDS = _due(onwards=False), _due(onwards=True)
# Whoever locks nothing that is locked waits for nobody, in whatever order: no two can stand in each
# other's way. A row that was changed since the statement began is looked at again before it counts.
_FREE: Any = {"of": agreement, "key_share": True, "skip_locked": True}
LOCK_DUE, LOCK_DUE_ONWARDS = DUE.with_for_update(**_FREE), DUE_ONWARDS.with_for_update(**_FREE)

COUNT_DUE = select(func.count()).where(
    agreement.c.program_id == _PROGRAM,
    or_(*(agreement.c.due_rule == rule for rule in DueRule)),
    agreement.c.due <= _DAY,
)

STARTS = (
    select(agreement.c.due)
    .where(
        agreement.c.program_id == _PROGRAM,
        agreement.c.due_rule == DueRule.TERM_STARTS,
        agreement.c.due <= _DAY,
        agreement.c.refusal.is_(None),
    )
    .group_by(agreement.c.due)
    .order_by(agreement.c.due)
)

_WATCH = (watch.c.rule, watch.c.item, watch.c.due, watch.c.next_on)
_WATCHED = (
    select(*STANDING, *_WATCH)
    .join(agreement, _SAME_AGREEMENT)
    .where(watch.c.program_id == _PROGRAM)
)
WATCHED = (
    _WATCHED.where(watch.c.next_on <= _DAY)
    .order_by(watch.c.next_on, watch.c.key, watch.c.rule, watch.c.item)
    .limit(_MOST)
)
_MOVES = JUNCTURES - {Rule.DECISION_DUE}
# What moves tonight is not told of as late, but counted with what is due.
COUNT_WATCHED = select(func.count()).where(
    watch.c.program_id == _PROGRAM,
    watch.c.next_on <= _DAY,
    or_(watch.c.due > _DAY, and_(*(watch.c.rule != rule for rule in sorted(_MOVES)))),
)
LOCK_WATCHED = WATCHED.with_for_update(of=watch, skip_locked=True)
ONE_WATCH = _WATCHED.where(
    watch.c.key == _KEY, watch.c.rule == bindparam("at_rule"), watch.c.item == bindparam("at_item")
)
LOCK_ONE_WATCH = ONE_WATCH.with_for_update(of=watch)


def told_by(
    until: BindParameter[Any], *also: ColumnElement[bool]
) -> tuple[Select[Any], Select[Any]]:
    """Return the watches of which somebody is told, due by a day, under more conditions.

    Each is either to be told of by that day, or was told of since its own: two indices find them,
    and nothing is read that is told of later.
    """
    some = select(watch.c.key, *_WATCH).where(
        watch.c.program_id == _PROGRAM, watch.c.due <= until, *also
    )
    coming = some.where(watch.c.next_on <= until)
    told = some.where(watch.c.next_on > watch.c.due, watch.c.next_on > until)
    return coming, told


_LATE = union_all(*told_by(_DAY)).subquery("late")
ALERTS = (
    select(*STANDING, _LATE.c.rule, _LATE.c.item, _LATE.c.due, _LATE.c.next_on)
    .join(_LATE, _LATE.c.key == agreement.c.key)
    .where(agreement.c.program_id == _PROGRAM)
    .order_by(_LATE.c.due, _LATE.c.key, _LATE.c.rule)
    .limit(_MOST)
)
COUNT_ALERTS = select(_LATE.c.rule, func.count()).group_by(_LATE.c.rule).order_by(_LATE.c.rule)
_OF_WATCH = and_(watch.c.program_id == _PROGRAM, watch.c.key == _KEY)
WATCHES = select(*_WATCH).where(_OF_WATCH).order_by(watch.c.rule, watch.c.item)
INSERT_WATCH = insert(watch)
_ROW = [column(one.name, one.type) for one in watch.c if one.name != "program_id"]
_ROWS = (
    func.json_to_recordset(cast(bindparam("rows", type_=Text), JSON))
    .table_valued(*_ROW)
    .render_derived(name="r", with_types=True)
)
# PostgreSQL is told of all of them at once: each statement of a batch costs client and server.
INSERT_WATCHES = insert(watch).from_select(
    ["program_id", *(one.name for one in _ROW)],
    select(bindparam("program_id", type_=watch.c.program_id.type), *_ROWS.c),
)
MARK_WATCH = (
    update(watch)
    .where(_OF_WATCH, watch.c.rule == bindparam("at_rule"), watch.c.item == bindparam("at_item"))
    .values(next_on=bindparam("to_next"))
)

_NOTICE = (
    notice.c.key,
    notice.c.term,
    notice.c.rule,
    notice.c.item,
    notice.c.threshold,
    notice.c.due,
    notice.c.given_on,
)
GIVEN = select(*_NOTICE).where(
    notice.c.program_id == _PROGRAM, notice.c.key.in_([bindparam(name) for name in SEVERAL_KEYS])
)
INSERT_NOTICE = insert(notice)
FIRST_NOTICE = select(func.min(notice.c.given_on)).where(
    notice.c.program_id == _PROGRAM,
    notice.c.key == _KEY,
    notice.c.term == bindparam("term"),
    notice.c.rule == bindparam("rule"),
    notice.c.item == "",
    notice.c.threshold >= 0,
    notice.c.due == bindparam("due"),
)
CLAIM_NOTICES = (
    update(notice)
    .where(notice.c.program_id == _PROGRAM, notice.c.digest.is_(None))
    .values(digest=bindparam("run"))
)
CLAIMED = (
    select(notice.c.key)
    .where(
        notice.c.program_id == _PROGRAM,
        notice.c.digest == bindparam("run"),
        notice.c.key > bindparam("after"),
    )
    .group_by(notice.c.key)
    .order_by(notice.c.key)
    .limit(_MOST)
)
# What was settled since it was told of is in no digest; a lapse has no watch of its own.
_STANDS = exists().where(
    watch.c.program_id == notice.c.program_id,
    watch.c.key == notice.c.key,
    watch.c.rule == notice.c.rule,
    watch.c.item == notice.c.item,
    watch.c.due == notice.c.due,
)
_LAPSES = and_(
    notice.c.rule == Rule.LAPSES,
    agreement.c.due_rule == DueRule.DECISION_DUE,
    agreement.c.due == notice.c.due,
)
CLAIMED_OF = (
    select(*STANDING, *_NOTICE[1:])
    .join(
        agreement,
        and_(notice.c.program_id == agreement.c.program_id, notice.c.key == agreement.c.key),
    )
    .where(
        notice.c.program_id == _PROGRAM,
        notice.c.digest == bindparam("run"),
        notice.c.key.between(bindparam("first"), bindparam("last")),
        or_(_STANDS, _LAPSES),
    )
    .order_by(notice.c.key, notice.c.rule, notice.c.item, notice.c.threshold)
)
INSERT_MAIL = insert(mail)
HOLD_MAIL = update(mail).where(mail.c.state == "waiting").values(state="held")

LAST_NIGHT = select(func.max(run.c.run_date)).where(
    run.c.program_id == _PROGRAM, run.c.outcome == "completed"
)
INSERT_RUN = insert(run)
UPDATE_RUN = (
    update(run)
    .where(run.c.program_id == _PROGRAM, run.c.id == bindparam("at_id"))
    .values(
        outcome=bindparam("to_outcome"),
        heartbeat_at=bindparam("to_heartbeat_at"),
        finished_at=bindparam("to_finished_at"),
        counts=bindparam("to_counts"),
        cause=bindparam("to_cause"),
        log_file=bindparam("to_log_file"),
    )
)
FORGET_NOTICES = delete(notice).where(notice.c.program_id == _PROGRAM, notice.c.given_on > _DAY)
ANNUL_RUNS = (
    update(run)
    .where(run.c.program_id == _PROGRAM, run.c.run_date > _DAY, run.c.outcome == "completed")
    .values(outcome="annulled", cause=bindparam("to_cause"))
)


@cache
def clear_watches(kept: frozenset[Rule]) -> Delete:
    """Return the statement that clears what is watched of an agreement, but for some rules."""
    return delete(watch).where(_OF_WATCH, *(watch.c.rule != rule for rule in sorted(kept)))
