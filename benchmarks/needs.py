"""Works out what a national association needs, of what was measured: the tables of docs/scale.md.

A program's year is assumed, and told as such; everything else is a product or quotient of measured
figures (`Result.figures` of docs/benchmarks/scale.json), which stands beside each row. It measures
nothing.
"""

from collections.abc import Iterator, Mapping

from guards.policy_notices import NOTICE_DAYS
from states.vocabulary import Rule

Figures = Mapping[str, float]

EACH, RUNNING, ENDED, REPORTED = 200, 100, 24, 100
_RENEWED = ENDED // 2
_PROPOSED, _ACCEPTED = 18, 12
NIGHTS, WORKING_DAYS, HOURS = 365, 250, 8

TRANSITIONS: Mapping[str, int] = {
    "submit": _PROPOSED,
    "accept": _ACCEPTED,
    "decline": _PROPOSED - _ACCEPTED,
    "sign": _ACCEPTED + _RENEWED,
    "activate": _ACCEPTED + _RENEWED,
    "expire": ENDED,
    "renew": _RENEWED,
    "renegotiate": _RENEWED,
    "sunset": ENDED - _RENEWED,
}
OTHERS: Mapping[str, int] = {
    "proposals": _PROPOSED,
    "changes of documents, two before each signing": 2 * (_ACCEPTED + _RENEWED),
    "score sheets": _PROPOSED,
    "evaluations": ENDED,
    "annual reports": RUNNING,
    "other records (milestones, obligations)": REPORTED,
}
TOLD = {
    Rule.TERM_OVER: ENDED,
    Rule.DECISION_DUE: ENDED,
    Rule.PROJECT_ENDED: ENDED,
    Rule.EXAMINATION_DUE: ENDED,
    Rule.MILESTONE_DUE: REPORTED,
}
"""How many things of a rule come up in a year; each is told on the days of `NOTICE_DAYS`."""

_MOVED, _DONE = sum(TRANSITIONS.values()), sum(OTHERS.values())
_NOTICES = sum(many * len(NOTICE_DAYS[rule]) for rule, many in TOLD.items())
_BY_NIGHT = TRANSITIONS["activate"] + TRANSITIONS["expire"]
_GIB, _MIB = 2**30, 2**20
_HOUR = 3_600


def tables(figures: Figures) -> Iterator[str]:
    """Yield the lines of all tables."""
    yield from _year(figures)
    yield from _needs(figures)
    yield from _growth(figures)
    yield from _limits(figures)
    yield from _apart(figures)


def _year(figures: Figures) -> Iterator[str]:
    all_ = int(figures["programs"])
    rows = [
        ("agreements on record", EACH, f"{RUNNING} of them running, for 3 and 5 years"),
        ("transitions", _MOVED, ", ".join(f"{name} {many}" for name, many in TRANSITIONS.items())),
        ("other deeds", _DONE, ", ".join(f"{many} {name}" for name, many in OTHERS.items())),
        ("nights", NIGHTS, "one line each, also where nothing is due"),
        ("lines of the log", _MOVED + _DONE + NIGHTS, "the sum of the three"),
        ("notices", _NOTICES, "as told ahead where a policy is silent, and all is done in time"),
    ]
    yield "### A year, as assumed"
    yield ""
    yield f"| a year | one program | {all_:,} programs | made of |"
    yield "|---|---|---|---|"
    for name, many, why in rows:
        yield f"| {name} | {many:,} | {many * all_:,} | {why} |"
    yield ""


def _needs(figures: Figures) -> Iterator[str]:
    all_ = figures["programs"]
    deeds = (_MOVED + _DONE) * all_ / WORKING_DAYS
    told = (_BY_NIGHT + _NOTICES) * all_ / NIGHTS
    night = {count: _night(figures, count) for count in (1, 2, 4)}
    each = figures["transition_seconds"]
    due = figures["due_seconds_by_1"]
    terms = TRANSITIONS["expire"] * all_
    yield "### What that takes"
    yield ""
    yield "| what | | worked out |"
    yield "|---|---|---|"
    yield (
        f"| rows of agreements and lines | {figures['agreements']:,.0f} and"
        f" {figures['lines']:,.0f} | counted |"
    )
    yield (
        f"| storage at the start | {figures['bytes'] / _GIB:.1f} GiB |"
        f" measured; {figures['bytes_of_indexes'] / figures['bytes']:.0%} of it indexes |"
    )
    yield (
        f"| storage a year, without attached files | {_year_bytes(figures) * all_ / _GIB:.1f} GiB |"
        f" {_MOVED + _DONE} deeds x {_line_bytes(figures):,.0f} bytes (all that is stored, by"
        f" lines) + {NIGHTS} nights x {figures['quiet_night_bytes']:,.0f} bytes, a program |"
    )
    yield (
        f"| WAL a day, for an archive | {_wal(figures) * all_ / NIGHTS / _GIB:.2f} GiB |"
        f" {_MOVED + _DONE} deeds x {figures['transition_wal_bytes_apart']:,.0f} bytes + {NIGHTS}"
        f" nights x {figures['quiet_night_wal_bytes']:,.0f} bytes, a program and year |"
    )
    yield (
        f"| transitions and other deeds a working day | {deeds:,.0f} |"
        f" {(_MOVED + _DONE) * all_:,.0f} a year on {WORKING_DAYS} days |"
    )
    yield (
        f"| the same, as a share of what one process does | {deeds * each / HOURS / _HOUR:.2%} |"
        f" {each * 1000:.1f} ms each, in {HOURS} hours |"
    )
    for count, seconds in night.items():
        hosts = f"{count} scheduler{'s' if count > 1 else ''}"
        yield (
            f"| a usual night, {hosts} | {_duration(seconds)} | {all_:,.0f} programs x"
            f" {figures[f'look_seconds_by_{count}'] * 1000:.0f} ms + {told:,.0f} done or told x"
            f" {figures[f'due_seconds_by_{count}'] * 1000:.1f} ms |"
        )
    yield (
        f"| the night on which a year's terms all end | {_duration(night[1] + terms * due)} |"
        f" {terms:,.0f} more, by one scheduler |"
    )
    yield ""


def _growth(figures: Figures) -> Iterator[str]:
    all_ = figures["programs"]
    yield "### Backup, and the way back, as the database grows"
    yield ""
    yield "| after | database | `pg_dump` alone | `db backup` | `db restore` | `db check` |"
    yield "|---|---|---|---|---|---|"
    for years in (0, 1, 5, 10):
        size = figures["bytes"] + years * _year_bytes(figures) * all_
        times = [_duration(_seconds(figures, name, size)) for name in _TOOLS]
        after = f"{years} year{'' if years == 1 else 's'}"
        yield f"| {after} | {size / _GIB:.0f} GiB | {' | '.join(times)} |"
    yield ""
    yield (
        f"Worked out by size from {figures['backed_programs']:.0f} programs,"
        f" {figures['backed_bytes'] / _MIB:.0f} MiB. The backup's file there had"
        f" {figures['backup_bytes'] / figures['backed_bytes']:.1%} of the database's size: the"
        " copies pack far better than what cities write. At most it is what the tables are without"
        f" their indexes, {1 - figures['bytes_of_indexes'] / figures['bytes']:.0%}."
    )
    yield ""


def _limits(figures: Figures) -> Iterator[str]:
    deeds = (_MOVED + _DONE) / (WORKING_DAYS * HOURS * _HOUR)
    aged = figures["bytes"] / figures["programs"] + 5 * _year_bytes(figures)
    rows = [
        (
            "a usual night in 4 hours, one scheduler",
            figures["programs"] * 4 * _HOUR / _night(figures, 1),
        ),
        (
            "a usual night in 4 hours, two schedulers",
            figures["programs"] * 4 * _HOUR / _night(figures, 2),
        ),
        (
            "`db backup` in 8 hours, after five years",
            8 * _HOUR / _seconds(figures, "backup", aged),
        ),
        (
            "`db restore` in 24 hours, after five years",
            24 * _HOUR / _seconds(figures, "restore", aged),
        ),
        (
            "people's deeds at half of what one process does",
            0.5 / figures["transition_seconds"] / deeds,
        ),
    ]
    yield "### How many programs one database carries"
    yield ""
    yield "| as long as | programs |"
    yield "|---|---|"
    for name, many in rows:
        yield f"| {name} | {_rounded(many):,} |"
    yield ""


def _apart(figures: Figures) -> Iterator[str]:
    all_ = figures["programs"]
    one, alone = figures["bytes"] / all_, figures["alone_bytes"]
    night, start = _night(figures, 1), figures["lifecycle_list_seconds"]
    yield "### One database for all, or one a city"
    yield ""
    yield f"| {all_:,.0f} programs | one database | one a city |"
    yield "|---|---|---|"
    yield f"| a program's storage at the start | {one / _MIB:.1f} MiB | {alone / _MIB:.1f} MiB |"
    yield f"| all of it | {one * all_ / _GIB:.0f} GiB | {alone * all_ / _GIB:.0f} GiB |"
    yield (
        f"| a usual night, one after another | {_duration(night)} |"
        f" {_duration(night + all_ * start)}: each begins a process,"
        f" {start * 1000:.0f} ms (`lifecycle list`) |"
    )
    yield (
        f"| backup and restore of one city | not by itself |"
        f" {_duration(start + _seconds(figures, 'backup', one))} and"
        f" {_duration(start + _seconds(figures, 'restore', one))} |"
    )
    yield ""


_TOOLS = ("pg_dump", "backup", "restore", "check")


def _line_bytes(figures: Figures) -> float:
    return figures["bytes"] / figures["lines"]


def _year_bytes(figures: Figures) -> float:
    """Return by how many bytes a program grows in a year."""
    return (_MOVED + _DONE) * _line_bytes(figures) + NIGHTS * figures["quiet_night_bytes"]


def _wal(figures: Figures) -> float:
    """Return how many bytes of WAL a program makes in a year."""
    deeds = (_MOVED + _DONE) * figures["transition_wal_bytes_apart"]
    return deeds + NIGHTS * figures["quiet_night_wal_bytes"]


def _night(figures: Figures, count: int) -> float:
    """Return the seconds of a usual night of all programs by so many schedulers."""
    told = (_BY_NIGHT + _NOTICES) / NIGHTS
    each = figures[f"look_seconds_by_{count}"] + told * figures[f"due_seconds_by_{count}"]
    return figures["programs"] * each


def _seconds(figures: Figures, tool: str, size: float) -> float:
    """Return the seconds that backup, restore or check take for a database of a size."""
    return figures[f"{tool}_seconds"] * size / figures["backed_bytes"]


def _duration(seconds: float) -> str:
    if seconds < 2 * 60:
        return f"{seconds:.1f} s"
    return f"{seconds / 60:.0f} min" if seconds < 2 * _HOUR else f"{seconds / _HOUR:.1f} h"


def _rounded(many: float) -> int:
    """Return a number with two digits that count."""
    return int(round(many, 2 - len(str(int(many)))))
