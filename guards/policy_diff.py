"""What differs between two policies, key by key, as both mean it (R54).

Compares what is meant and not how it is written: a key that is left out is what holds then, and a
guard that neither names is no difference. Entries of a list are compared by their code or name,
words as a set: an order is never a difference. Says what differs and not how that reads.
"""

from collections.abc import Iterator, Mapping
from dataclasses import Field, dataclass, fields, is_dataclass
from typing import Any

from guards.policy import DEFAULT_SEVERITY, Body, Policy, Priority
from states.vocabulary import Severity

GROUPS = (
    "program",
    "types",
    "cap",
    "limits",
    "criteria",
    "priorities",
    "bodies",
    "conditions",
    "vocabulary",
    "deadlines",
    "notices",
    "guards",
    "publishing",
    "other",
)
"""The groups in which differences are told, in their order."""

_GROUP = {
    "regions": "limits",
    "projects_per_year": "limits",
    "priority_partnerships_per_year": "limits",
    "signs_up_to": "bodies",
    "evaluation_window_months": "deadlines",
    "takeover_review_months": "deadlines",
    "dormancy_months": "deadlines",
    "backdating_days": "deadlines",
    "lapse_notice_days": "deadlines",
    "deferral_days": "deadlines",
    "approval_days": "deadlines",
    "publish_days": "deadlines",
    "annual_report_days": "deadlines",
    "waivers": "guards",
}
_NAMED = {"types": "CODE", "regions": "NAME"}
_SILENT = {str(guard): severity for guard, severity in DEFAULT_SEVERITY.items()}


@dataclass(frozen=True, slots=True)
class PolicyChange:
    """One key whose value differs; None where one of the two says nothing of it.

    `key` is the path in the file, list entries by their code; `of` is the key as docs/policy.md
    names it. A value is that of the model: a whole entry where one of the two does not have it.
    """

    group: str
    key: str
    of: str
    before: object
    after: object


@dataclass(frozen=True, slots=True)
class _At:
    """A place in both policies: its key path, and the key that the page of keys has for it."""

    key: str = ""
    of: str = ""

    def field(self, name: str) -> "_At":
        if not self.key:
            return _At(name, name)
        return _At(f"{self.key}.{name}", f"{self.of}.{name}")

    def entry(self, code: object) -> "_At":
        return _At(f"{self.key}[{code}]", f"{self.of}[]")

    def named(self, name: object) -> "_At":
        mark = _NAMED.get(self.of)
        return _At(f"{self.key}.{name}", f"{self.of}.{mark}" if mark else self.of)


_Found = tuple[_At, object, object]


def policy_changes(before: Policy, after: Policy) -> tuple[PolicyChange, ...]:
    """Return every key in which two policies differ, group by group in the order of the model."""
    found = (
        PolicyChange(_group(at), at.key, at.of, old, new)
        for at, old, new in _dataclasses(_At(), before, after)
    )
    return tuple(sorted(found, key=lambda change: GROUPS.index(change.group)))


def _group(at: _At) -> str:
    first = at.of.partition(".")[0].removesuffix("[]")
    return _GROUP.get(first, first if first in GROUPS else "other")


def _values(at: _At, old: object, new: object) -> Iterator[_Found]:
    if old == new:
        return
    if old is not None and new is not None:
        if is_dataclass(old):
            yield from _dataclasses(at, old, new)
            return
        if isinstance(old, Mapping) and isinstance(new, Mapping):
            yield from _mappings(at, old, new)
            return
        if isinstance(old, tuple) and isinstance(new, tuple):
            yield from _lists(at, old, new)
            return
    yield at, old, new


def _dataclasses(at: _At, old: object, new: object) -> Iterator[_Found]:
    for item in _fields(old):
        where, was, now = at.field(item.name), getattr(old, item.name), getattr(new, item.name)
        if where.key == "guards":
            was, now = _effective(was, now), _effective(now, was)
        yield from _values(where, was, now)


def _mappings(at: _At, old: Mapping[Any, Any], new: Mapping[Any, Any]) -> Iterator[_Found]:
    for name in (*old, *(name for name in new if name not in old)):
        yield from _values(at.named(name), old.get(name), new.get(name))


def _lists(at: _At, old: tuple[Any, ...], new: tuple[Any, ...]) -> Iterator[_Found]:
    if not any(map(is_dataclass, (*old, *new))):
        if set(old) != set(new):
            yield at, old, new
        return
    was, now = _by_code(old), _by_code(new)
    for code in (*was, *(code for code in now if code not in was)):
        yield from _values(at.entry(code), was.get(code), now.get(code))


def _by_code(items: tuple[Any, ...]) -> dict[str, Any]:
    """Return the entries of a list by what names them; a priority's periods go together."""
    by_code: dict[str, Any] = {}
    for item in items:
        if isinstance(item, Priority):
            name = f"{item.kind} {item.code}"
            by_code[name] = frozenset({*by_code.get(name, ()), item})
        else:
            by_code[item.name if isinstance(item, Body) else item.code] = item
    return by_code


def _effective(
    guards: Mapping[str, Severity], others: Mapping[str, Severity]
) -> dict[str, Severity]:
    """Return what guards do that either of two policies names, the engine's word included."""
    names = sorted({*guards, *others})
    return {name: guards.get(name) or _SILENT.get(name, Severity.BLOCK) for name in names}


def _fields(value: Any) -> tuple[Field[Any], ...]:  # noqa: ANN401 - any dataclass of the model
    return fields(value)
