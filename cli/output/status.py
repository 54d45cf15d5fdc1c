"""How things stand with the nightly check, as people read it and as JSON."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from cli.output.night import alert_shapes
from cli.output.sealing import local
from cli.output.shapes import Shape
from cli.output.streams import style, width
from cli.output.table import Column, table
from cli.output.text import paragraphs
from cli.output.words import plural
from lifecycle.night import Night
from lifecycle.telling import distance, told
from states.ref import Ref
from states.standing import Standing
from states.vocabulary import Rule
from states.watch import Watch
from store.overview import Mail, Sealing

RUN_KEYS = (
    "run",
    "run_date",
    "outcome",
    "started_at",
    "finished_at",
    "seconds",
    "counts",
    "cause",
    "log_file",
    "host",
    "pid",
    "heartbeat_at",
)
"""The keys of a run, in the order in which they are given."""

_RUNS = (
    Column("RUN"),
    Column("FOR"),
    Column("OUTCOME"),
    Column("BEGAN", optional=True),
    Column("TOOK", right=True, optional=True),
    Column("WHAT", flexible=True),
)
_DUE = (Column("REF"), Column("DUE"), Column("WHEN"), Column("WHAT", flexible=True))
_AHEAD = timedelta(hours=1)
_GOOD = "completed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """How things stand on a day: the runs, and what is late, due and waiting."""

    code: str
    zone: str
    today: date
    until: date
    max_age: timedelta
    last: Night | None
    age: timedelta | None
    runs: Sequence[Night]
    due: Sequence[tuple[Standing, Watch]]
    due_count: int
    alerts: Sequence[tuple[Standing, Watch]]
    late: Mapping[Rule, int]
    mail: Sequence[Mail]
    sealing: Sealing

    @property
    def fresh(self) -> bool:
        """Whether a check was completed lately; one of a time to come proves a wrong clock."""
        return self.age is not None and -_AHEAD <= self.age <= self.max_age


def age_line(status: Status) -> str:
    """Return in one line whether the last completed check is fresh, for a watch."""
    word = "OK" if status.fresh else "LATE"
    limit = f"; it may be {_time(status.max_age)} old at most"
    more = "" if status.fresh or status.last is None else limit
    return f"{word}: {status.code}: {night_line(status.last, status.age)}{more}.\n"


def age_of(last: Night | None, now: datetime) -> timedelta | None:
    """Return how long ago a check was completed; None where none was."""
    ended = last.finished_at if last else None
    return now - datetime.fromisoformat(ended) if ended else None


def night_line(last: Night | None, age: timedelta | None) -> str:
    """Return when the last check was completed; `age` is how long ago that is."""
    if last is None or age is None:
        return "no nightly check was ever completed"
    return f"the last nightly check was completed {_ago(age)}, for {last.run_date}"


def text(status: Status) -> str:
    """Return all of it."""
    return "\n".join(_parts(status))


def _parts(status: Status) -> Iterator[str]:
    line = age_line(status).partition(": ")[2]
    yield line if status.fresh else style(line, fg="red")
    if status.runs:
        yield table(_RUNS, [_run_row(night, status.zone) for night in status.runs])
    yield from (_why(night) for night in status.runs[:1] if not _is_good(night))
    if status.late:
        yield style(f"Late, and not done ({sum(status.late.values()):,})", bold=True)
        yield table(_DUE, [_watch_row(status, pair) for pair in status.alerts])
        yield _by_rule(status.late)
    days = (status.until - status.today).days
    if not status.due:
        yield f"Nothing is due in the next {days} days.\n"
    else:
        yield style(f"Due in the next {days} days ({status.due_count:,})", bold=True)
        yield table(_DUE, [_watch_row(status, pair) for pair in status.due])
    if (more := status.due_count - len(status.due)) > 0:
        yield f"... and {more:,} more, the last of them by {status.until}.\n"
    yield from (_mail(one) for one in status.mail if one.state in _OF_MAIL)
    yield paragraphs(f"Seals: {sealed_line(status.sealing, status.zone)}", width()) + "\n"


def _by_rule(late: Mapping[Rule, int]) -> str:
    by_rule = ", ".join(f"{count:,} {rule}" for rule, count in late.items())
    return paragraphs(f"In all: {by_rule}.", width()) + "\n"


_OF_MAIL = {
    "waiting": "wait to be sent",
    "failed": "could not be sent, and are given up",
    "held": "are held back until somebody lets them go",
}


def _mail(mail: Mail) -> str:
    since = mail.since[:10]
    return f"Mail: {mail.count:,} {_OF_MAIL[mail.state]}, the first since {since}.\n"


def sealed_line(sealing: Sealing, zone: str) -> str:
    """Return how far the log is sealed."""
    if sealing.key is None:
        return "the log has no key, so nothing of it is sealed: lifecycle log key create"
    waiting = f"{plural(sealing.waiting, 'line')} not sealed yet"
    if sealing.sealed_at is None:
        return f"{waiting}, and no checkpoint: lifecycle log seal"
    newest = f"the checkpoint of {local(sealing.sealed_at, zone)}"
    covers = f"{newest} covers {plural(sealing.sealed, 'line')}"
    return f"{covers}, and {waiting if sealing.waiting else 'none waits'}."


def _run_row(night: Night, zone: str) -> tuple[object, ...]:
    began = datetime.fromisoformat(night.started_at).astimezone(ZoneInfo(zone))
    what = night.cause or _counted(night.counts)
    took = _time(timedelta(seconds=seconds)) if (seconds := _seconds(night)) is not None else None
    return (night.id, night.run_date, night.outcome, f"{began:%Y-%m-%d %H:%M}", took, what)


def _counted(counts: Mapping[str, int]) -> str:
    some = ((count, name) for name, count in counts.items() if count)
    return ", ".join(
        f"{count:,} {_NAMES.get(name, (name, name))[count > 1]}" for count, name in some
    )


_NAMES = {
    "notice": ("notice", "notices"),
    "alert": ("alert", "alerts"),
    "digests": ("digest", "digests"),
}


def _watch_row(status: Status, pair: tuple[Standing, Watch]) -> tuple[object, ...]:
    standing, watch = pair
    ref, day = Ref.of(status.code, standing.key), status.today
    what = f"{standing.title}: {told(standing, watch, day).short}"
    return ref, watch.due, distance(watch.due, day), what


def run_text(status: Status) -> str:
    """Return one run in full."""
    night = status.runs[0]
    zone = ZoneInfo(status.zone)
    lines = [style(f"Run {night.id}: {night.outcome}", bold=True)]
    for label, at in (
        ("began", night.started_at),
        ("last sign of life", night.heartbeat_at),
        ("ended", night.finished_at),
    ):
        if at:
            lines.append(f"  {label}: {datetime.fromisoformat(at).astimezone(zone):%Y-%m-%d %T %Z}")
    lines.insert(1, f"  for: {night.run_date}")
    if night.host:
        lines.append(f"  on: {night.host}{f', process {night.pid}' if night.pid else ''}")
    lines.append(f"  done: {_counted(night.counts) or 'nothing'}")
    return "\n".join(lines) + f"\n{_why(night)}"


def _is_good(night: Night) -> bool:
    return night.outcome == _GOOD and not night.counts.get("failed")


def _why(night: Night) -> str:
    """Return why a run did not complete, or what failed on it, and where more stands."""
    lines = []
    if failed := night.counts.get("failed"):
        lines.append(f"Agreements that failed: {failed:,}. The log names each, with its reason.")
    if night.outcome == "stopped":
        lines.append(
            "It says that it runs and shows no sign of life: it was ended, or its machine was."
            " Whatever it had done is done; the next run does the rest."
        )
    if night.cause:
        lines.append(f"Cause: {night.cause}")
    if night.log_file:
        lines.append(f"Log: {night.log_file}{f' on {night.host}' if night.host else ''}")
    return "".join(paragraphs(line, width(), first="  ") + "\n" for line in lines)


def status_shape(status: Status) -> Shape:
    """Return how things stand."""
    age = status.age
    return {
        "last_completed": status.last.finished_at if status.last else None,
        "age_hours": None if age is None else round(age.total_seconds() / 3600, 2),
        "fresh": status.fresh,
        "runs": [run_shape(night) for night in status.runs],
        "due": [_due_shape(status, pair) for pair in status.due],
        "last_run_date": status.last.run_date if status.last else None,
        "max_age_hours": round(status.max_age.total_seconds() / 3600, 2),
        "today": status.today,
        "until": status.until,
        "due_count": status.due_count,
        "late": status.late,
        "findings": alert_shapes(status.alerts, status.code, status.today),
        "sealing": {
            "sealed": status.sealing.sealed,
            "sealed_at": status.sealing.sealed_at,
            "waiting": status.sealing.waiting,
            "key": status.sealing.key,
        },
        "mail": {one.state: {"count": one.count, "since": one.since} for one in status.mail},
    }


def run_shape(night: Night) -> Shape:
    """Return one run's record."""
    return {
        "run": night.id,
        "run_date": night.run_date,
        "outcome": night.outcome,
        "started_at": night.started_at,
        "finished_at": night.finished_at,
        "seconds": _seconds(night),
        "counts": night.counts,
        "cause": night.cause,
        "log_file": night.log_file,
        "host": night.host,
        "pid": night.pid,
        "heartbeat_at": night.heartbeat_at,
    }


def _seconds(night: Night) -> float | None:
    if night.finished_at is None:
        return None
    ended, began = map(datetime.fromisoformat, (night.finished_at, night.started_at))
    return round((ended - began).total_seconds(), 1)


def _due_shape(status: Status, pair: tuple[Standing, Watch]) -> Shape:
    standing, watch = pair
    telling = told(standing, watch, status.today)
    return {
        "ref": str(Ref.of(status.code, standing.key)),
        "title": standing.title,
        "owner": standing.owner,
        "state": standing.state,
        "due": watch.due,
        "rule": watch.rule,
        "item": watch.item or None,
        "message": telling.message,
    }


def _ago(age: timedelta) -> str:
    return f"{_time(age)} ago" if age >= timedelta() else f"{_time(-age)} ahead of this clock"


def _time(span: timedelta) -> str:
    """Return a span in its two largest units."""
    seconds = round(span.total_seconds())
    for size, name, smaller, name_smaller in _UNITS:
        if seconds >= size * (2 if name == "d" else 1):
            whole, rest = divmod(seconds, size)
            more = rest // smaller
            return f"{whole}{name} {more}{name_smaller}" if more else f"{whole}{name}"
    return f"{seconds}s"


_UNITS = ((86_400, "d", 3_600, "h"), (3_600, "h", 60, "min"), (60, "min", 1, "s"))
