"""What `lifecycle policy diff` does: compares two policies, and tells the difference by groups."""

from cli.output.answers import Answer, csv_of, give, shape
from cli.output.document import plain
from cli.output.policies import KEYS, changes_text
from cli.output.text import one_line
from cli.policies import Named, any_named
from cli.settings import Reading, Settings
from guards.policy_diff import PolicyChange, policy_changes

_COLUMNS = ("group", "key", "what", "before", "after")


def diff_policies(settings: Settings, reading: Reading, first: str, second: str | None) -> None:
    """Print every key in which two policies differ."""
    older, newer = any_named(settings, first), any_named(settings, second)
    changes = policy_changes(older.parsed(), newer.parsed())
    shapes = [_shape(change) for change in changes]
    answer = Answer(
        table=lambda: f"{_head(older, newer)}\n{changes_text(changes) or _nothing(older, newer)}",
        json=shape({"before": _which(older), "after": _which(newer), "differences": shapes}),
        csv=csv_of(_COLUMNS, shapes),
    )
    give(settings, reading, answer)


def _shape(change: PolicyChange) -> dict[str, object]:
    return {
        "group": change.group,
        "key": change.key,
        "what": KEYS[change.of],
        "before": _plain(change.before),
        "after": _plain(change.after),
    }


def _plain(value: object) -> object:
    return plain(tuple(sorted(value, key=str)) if isinstance(value, frozenset) else value)


def _which(policy: Named) -> dict[str, str]:
    return {"name": policy.name, "digest": policy.digest}


def _head(older: Named, newer: Named) -> str:
    return f"From {one_line(older.name)} (-) to {one_line(newer.name)} (+)"


def _nothing(older: Named, newer: Named) -> str:
    if older.body == newer.body:
        return "No difference: it is the same file.\n"
    return "No difference: the files differ, and mean the same.\n"
