"""What a nightly check did and told, as people read it and as JSON."""

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import count

from cli.output.shapes import Shape
from cli.output.streams import style, width
from cli.output.table import Column, table
from cli.output.text import paragraphs
from cli.output.words import plural
from lifecycle.night import MOVES, TOLD, Item, Report, SealReport
from lifecycle.telling import distance, told
from states.ref import Ref
from states.standing import Standing
from states.watch import Watch

_MOVES = (
    Column("REF"),
    Column("DUE"),
    Column("RULE"),
    Column("OUTCOME"),
    Column("WHAT", flexible=True),
)
_LATE = (Column("REF"), Column("DUE"), Column("WHEN"), Column("WHAT", flexible=True))
_MOST_LATE = 20
_MOST_FIRED = 1_000


def text(report: Report, code: str, *, dry_run: bool) -> str:
    """Return a run's report as people read it."""
    return "\n".join(_parts(report, code, dry_run=dry_run))


def _parts(report: Report, code: str, *, dry_run: bool) -> Iterator[str]:
    if dry_run:
        yield style("Dry run: nothing was stored.", fg="cyan")
    counts = ", ".join(f"{report.count(name)} {name}" for name in ("fired", "refused", "failed"))
    news = ", ".join(plural(report.count(name), name) for name in ("notice", "alert"))
    yield f"Nightly check for {report.run_date}: {counts}; {news}."
    yield f"Run {report.run}.\n"
    if report.moves:
        yield _moved(report.moves)
    else:
        yield "Nothing was due.\n"
    ahead = [item for item in report.items if item.outcome == "notice"]
    if ahead:
        yield style(f"Coming up: {len(ahead):,} told tonight", bold=True)
        some = [_ahead(item, report.run_date) for item in ahead[:_MOST_LATE]]
        yield _listed(some, len(ahead))
    if report.late:
        late = sum(report.late.values())
        yield style(f"Late, and not done: {late:,}", bold=True)
        some = [_late(pair, code, report.run_date) for pair in report.alerts[:_MOST_LATE]]
        yield _listed(some, late)
    if report.seal:
        yield _sealed(report.seal)
    if report.digests and not dry_run:
        yield f"Written to {plural(report.digests, 'person', 'people')}: lifecycle notices\n"


def _moved(moves: Sequence[Item]) -> str:
    """Return a table of what moved: all that did not go through, and as much as anybody reads."""
    fired = count(1)
    kept = [one for one in moves if one.outcome != "fired" or next(fired) <= _MOST_FIRED]
    more = len(moves) - len(kept)
    rest = f"... and {more:,} more fired: --json and the log of the run name each\n"
    return table(_MOVES, [_move(item) for item in kept]) + (rest if more else "")


def _sealed(seal: SealReport) -> str:
    if seal.lines is None:
        return paragraphs(f"Nothing was sealed: {seal.why}.", width()) + "\n"
    return f"Sealed {plural(seal.lines, 'line')}; the checkpoint covers {seal.covered:,}.\n"


def _listed(rows: Sequence[tuple[object, ...]], count: int) -> str:
    more = count - len(rows)
    rest = f"... and {more:,} more: lifecycle status\n" if more > 0 else ""
    return f"{table(_LATE, rows).rstrip()}\n{rest}"


def _move(item: Item) -> tuple[object, ...]:
    what = f"{item.trigger} → {item.to}" if item.to else ", ".join(item.codes)
    return item.ref, item.due, item.rule, item.outcome, what


def _ahead(item: Item, day: date) -> tuple[object, ...]:
    return item.ref, item.due, distance(item.due, day), item.said


def _late(pair: tuple[Standing, Watch], code: str, day: date) -> tuple[object, ...]:
    standing, watch = pair
    ref = Ref.of(code, standing.key)
    return ref, watch.due, distance(watch.due, day), told(standing, watch, day).short


def nightly_shape(report: Report, code: str, *, dry_run: bool) -> Shape:
    """Return what one run of the nightly check did.

    `sealed` is how many lines its checkpoint is the first to cover; null where nothing was sealed.
    """
    return {
        "run": report.run,
        "run_date": report.run_date,
        "completed": report.completed,
        "due": sum(report.count(name) for name in MOVES),
        "fired": report.count("fired"),
        "refused": report.count("refused"),
        "failed": report.count("failed"),
        "notices": sum(report.count(name) for name in TOLD),
        "sealed": report.seal.lines if report.seal else None,
        "items": [_item_shape(item) for item in report.items],
        "findings": [
            *(_failure(item) for item in report.items if item.outcome in {"refused", "failed"}),
            *_unsealed(report, code),
            *alert_shapes(report.alerts, code, report.run_date),
        ],
        "late": report.late,
        "digests": report.digests,
        "dry_run": dry_run,
    }


def _unsealed(report: Report, code: str) -> list[Shape]:
    """Return that the log could not be sealed, where there is a key for it."""
    if report.seal is None or not report.seal.failed:
        return []
    shape = _finding(code, "not_sealed", "seal", report.run_date, f"{report.seal.why}")
    return [shape | {"fix": "lifecycle log seal"}]


def _item_shape(item: Item) -> Shape:
    return {
        "ref": item.ref,
        "rule": item.rule,
        "due": item.due,
        "outcome": item.outcome,
        "trigger": item.trigger,
        "to": item.to,
        "codes": list(item.codes),
        "item": item.item or None,
        "days": item.days if item.outcome in TOLD else None,
        "loudness": item.loudness if item.outcome in TOLD else None,
    }


def _failure(item: Item) -> Shape:
    what = item.trigger or item.rule
    message = f"{what}, due on {item.due}: {', '.join(item.codes) or item.outcome}"
    return _finding(item.ref, item.outcome, item.rule, item.due, message)


def alert_shapes(alerts: Sequence[tuple[Standing, Watch]], code: str, day: date) -> list[Shape]:
    """Return what is late, each with what to do about it."""
    shapes = []
    for standing, watch in alerts:
        ref, telling = str(Ref.of(code, standing.key)), told(standing, watch, day)
        shape = _finding(ref, watch.rule, watch.rule, watch.due, telling.message)
        shape |= {"item": watch.item or None, "days": (day - watch.due).days}
        shape |= {"fix": telling.fix.replace("REF", ref), "report": telling.report}
        shapes.append(shape | {"title": standing.title, "owner": standing.owner})
    return shapes


def _finding(ref: str, code: str, rule: str, due: date, message: str) -> Shape:
    return {
        "ref": ref,
        "code": code,
        "rule": rule,
        "due": due,
        "message": message,
        "item": None,
        "days": None,
        "fix": f"lifecycle check {ref}",
        "report": None,
        "title": None,
        "owner": None,
    }
