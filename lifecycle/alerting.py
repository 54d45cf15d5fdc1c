"""Tells of what comes and of what is late: goes through the watches whose next day has come.

A notice is given once for each (agreement, term, rule, item, threshold, due date): of thresholds
that passed meanwhile only the nearest. Whatever is told is kept in the transaction that moves the
watch on, so that a run that is killed tells neither twice nor not at all.
"""

from collections.abc import Sequence

from msgspec.structs import replace as replaced

from guards.policy import Policy
from lifecycle.authority import authorise_program
from lifecycle.matter import judging
from lifecycle.night import Item, Notice
from lifecycle.ports import Unit
from lifecycle.sweeping import BATCH, Run, held_by_another, stops_all
from lifecycle.telling import told
from lifecycle.thresholds import loudness, next_day, passed
from states.calendar import day_after
from states.deeds import CHECK_NIGHTLY
from states.ref import Ref
from states.standing import Standing
from states.vocabulary import Rule
from states.watch import Watch

_Pair = tuple[Standing, Watch]


def alert(run: Run, policy: Policy) -> None:
    """Tell of everything of which somebody is to be told by the run date.

    What somebody else has locked is left out at first, and waited for at the end.
    """
    while _batch(run, policy):
        run.between()
    seen: set[tuple[int, Rule, str]] = set()
    while held := [pair for pair in _held(run) if _at(pair) not in seen]:
        for pair in held:
            seen.add(_at(pair))
            run.between()
            items = _alone(run, policy, pair, patient=True)
            _tell_all(run, items)
            if not items:
                # Who had it locked has told of it, and of what else they had locked with it.
                break


def _held(run: Run) -> Sequence[_Pair]:
    with run.ledger.unit() as unit:
        return [] if _denied(run, unit) else unit.still_watched(run.today, BATCH)


def _at(pair: _Pair) -> tuple[int, Rule, str]:
    standing, watch = pair
    return standing.key, watch.rule, watch.item


def _batch(run: Run, policy: Policy) -> bool:
    pairs: Sequence[_Pair] = ()
    try:
        with run.ledger.unit() as unit:
            if _denied(run, unit):
                return False
            pairs = unit.watched(run.today, BATCH)
            items = _tell(run, unit, policy, pairs)
    except Exception as error:
        if not pairs or stops_all(error):
            raise
        for pair in pairs:
            run.between()
            _tell_all(run, _alone(run, policy, pair))
    else:
        _tell_all(run, items)
    return bool(pairs)


def _tell_all(run: Run, items: Sequence[Item]) -> None:
    for item in items:
        run.tell(item)


def _denied(run: Run, unit: Unit) -> bool:
    """Whether the role ended meanwhile; the end of the run says so on the log."""
    rules = judging(unit, None, run.today)
    return bool(authorise_program(unit, run.order, CHECK_NIGHTLY, run.today, rules).refusal)


def _alone(run: Run, policy: Policy, pair: _Pair, *, patient: bool = False) -> list[Item]:
    """Tell of one watch by itself, as it is now; where that fails, it is tried again tomorrow.

    Where rows are waited for, one that somebody holds for too long is this watch's own affair.
    """
    standing, watch = pair
    try:
        with run.ledger.unit() as unit:
            now = unit.watch_now(standing.key, watch)
            if now is None or now[1].next_on is None or now[1].next_on > run.today:
                return []
            return _tell(run, unit, policy, [now])
    except Exception as error:
        held = patient and held_by_another(error)
        if stops_all(error) and not held:
            raise
        if not held:
            with run.ledger.unit() as unit:
                unit.watch_on([(standing.key, replaced(watch, next_on=day_after(run.today)))])
        why = f"{type(error).__name__}: {error}"
        return [replaced(_item(run, pair, "failed"), codes=(why,))]


def _tell(run: Run, unit: Unit, policy: Policy, pairs: Sequence[_Pair]) -> list[Item]:
    known = unit.given([standing.key for standing, _watch in pairs])
    items, notices, marks = [], [], []
    for standing, watch in pairs:
        threshold = passed(watch.rule, watch.due, run.today, policy.notices)
        later = next_day(watch.rule, watch.due, run.today, policy.notices)
        marks.append((standing.key, replaced(watch, next_on=later)))
        if threshold is None:
            continue
        notice = _notice(run, standing, watch, threshold)
        if not any(_same(notice, one) for one in known.get(_at((standing, watch)), ())):
            notices.append(notice)
            loud = loudness(watch.rule, threshold, policy.notices)
            items.append(_item(run, (standing, watch), "alert" if loud else "notice", loud))
    unit.give(notices)
    unit.watch_on(marks)
    return items


def _notice(run: Run, standing: Standing, watch: Watch, threshold: int) -> Notice:
    return Notice(
        standing.key, standing.term, watch.rule, watch.item, threshold, watch.due, run.today
    )


def _same(one: Notice, other: Notice) -> bool:
    return (one.term, one.threshold, one.due) == (other.term, other.threshold, other.due)


def _item(run: Run, pair: _Pair, outcome: str, loud: int = 0) -> Item:
    standing, watch = pair
    return Item(
        ref=str(Ref.of(run.code, standing.key)),
        rule=Rule(watch.rule),
        due=watch.due,
        outcome=outcome,
        item=watch.item,
        days=(run.today - watch.due).days,
        loudness=loud,
        said=told(standing, watch, run.today).short,
    )
