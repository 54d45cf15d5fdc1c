"""Plants words of their own into every text of a dossier, and tells where each of them stood.

A text gets a word for its class and field, also where it was empty; lists and tables that were
empty get an entry. What refers to something (a project's id, an indicator's name) is replaced alike
wherever it stands, so that what belongs together still does.
"""

import dataclasses
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import is_dataclass
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

import msgspec

from lifecycle.dossiers import Dossier
from lifecycle.entry import Actor, Entry, GuardResult, entry_of, line_of
from lifecycle.evolve import described
from states.agreement import Term
from states.attachment import Attachment
from states.records import Evaluation, Record, Score, ScoreSheet
from states.standing import Approval, Standing, Waiver

LINKED = {
    "Project.id": "project",
    "Milestone.project": "project",
    "ProjectOutcome.id": "project",
    "Record.project": "project",
    "Milestone.id": "item",
    "Obligation.id": "item",
    "Indicator.name": "item",
    "Record.item": "item",
    "Party.name": "organisation",
    "Objective.responsible": "organisation",
}
"""Fields whose texts refer to one another."""

_KEPT = {
    "Agreement.type",
    "Party.side",
    "Record.kind",
    "Resource.kind",
    "Attachment.sha256",
    "Entry.program",
    "Entry.agreement",
    "Entry.recorded_at",
    "Entry.effective_on",
    "Entry.due",
    "Entry.document",
}
"""Texts that are no text of anybody's, and by which it is known what the others are."""

_WORD = re.compile(r"canary\d+x")
_CLASSES = (Actor, Approval, Attachment, Entry, GuardResult, Standing, Waiver)


class Planter:
    """Plants words, each with `noise` before it, and remembers where each one stands."""

    def __init__(self, noise: str) -> None:
        """Take what stands before each word."""
        self._noise = noise
        self._known: dict[tuple[str, str], str] = {}
        self.places: defaultdict[str, set[str]] = defaultdict(set)

    def dossier(self, one: Dossier) -> Dossier:
        """Return a dossier with a word in each of its texts."""
        standing, term = one.standing, one.standing.signed_term
        signed = term in {None, standing.term}
        document = self.fill(one.agreement, "" if signed else "draft ")
        kept = {
            name: getattr(standing, name)
            for name in ("signed_on", "type", "document", "voided", "former_type")
        }
        filled = msgspec.structs.replace(self.fill(standing, ""), **kept)
        owned = described(filled, dataclasses.replace(document, owner=None))
        return dataclasses.replace(
            one,
            standing=owned,
            document=document,
            records=[(n, self._record(record)) for n, record in one.records],
            scores=self.fill(one.scores or ScoreSheet({"": Score(1)}), ""),
            evaluation=self.fill(one.evaluation or Evaluation(), "last "),
            evaluations={n: self.fill(each, "") for n, each in one.evaluations.items()},
            lines=[self._line(entry_of(line)) for line in one.lines],
            reasons=dict.fromkeys(range(1, len(one.lines) + 1), self._word("", "reason")),
            earlier={
                at: self.fill(each, "" if at == term else "old ")
                for at, each in one.earlier.items()
            },
            yearly={n: self.fill(each, "yearly ") for n, each in one.yearly.items()},
            attachments=[(n, self._paper(paper)) for n, paper in one.attachments],
        )

    def found(self, text: str) -> set[str]:
        """Return the words that stand in a text."""
        return set(_WORD.findall(text))

    def fill(self, value: Any, label: str) -> Any:  # noqa: ANN401 - any class of the model
        """Return a value of the model with a word in each of its texts."""
        name, hints = type(value).__name__, get_type_hints(type(value))
        changes = {
            field: self._filled(getattr(value, field), hint, f"{label}{name}.{field}")
            for field, hint in hints.items()
            if f"{name}.{field}" not in _KEPT and not field.startswith("__")
        }
        if isinstance(value, msgspec.Struct):
            return msgspec.structs.replace(value, **changes)
        return dataclasses.replace(value, **changes)

    def _filled(self, value: Any, hint: Any, at: str) -> Any:  # noqa: ANN401 - any field
        prefix = at[: at.rindex(" ") + 1] if " " in at else ""
        options = get_args(hint) if get_origin(hint) in {Union, UnionType} else (hint,)
        kind = next(option for option in options if option is not NoneType)
        if kind is str:
            return self._word(value or "", at)
        if get_origin(kind) is tuple:
            item, *_more = get_args(kind)
            if item is str:
                return tuple(self._word(one, at) for one in value or ("",))
            return tuple(self.fill(one, prefix) for one in value or _made(item))
        if get_origin(kind) is not None and issubclass(get_origin(kind), Mapping):
            return {self._word("", at): self._entry(each, prefix, at) for each in _of(value)}
        if is_dataclass(kind):
            (made,) = (value,) if value is not None else _made(kind) or (None,)
            return None if made is None else self.fill(made, prefix)
        return value

    def _entry(self, value: Any, prefix: str, at: str) -> Any:  # noqa: ANN401 - any value of a table
        return self.fill(value, prefix) if is_dataclass(value) else self._word("", at)

    def _record(self, record: Record) -> Record:
        filled: Record = self.fill(record, f"{record.kind} ")
        if record.kind == "annual":
            return dataclasses.replace(filled, item=record.item)
        return filled

    def _paper(self, paper: Attachment) -> Attachment:
        filled: Attachment = self.fill(paper, "public " if paper.public else "private ")
        return filled

    def _line(self, entry: Entry) -> bytes:
        filled: Entry = self.fill(entry, f"{entry.event} ")
        return line_of(msgspec.structs.replace(filled, actor=self.fill(entry.actor, "")))

    def _word(self, text: str, at: str) -> str:
        """Return the word for a text: its own, or that of what it refers to."""
        prefix, _space, field = at.rpartition(" ")
        group = LINKED.get(field)
        key = (f"{prefix if prefix in {'draft', 'old'} else ''}{group}", text)
        fresh = f"{self._noise}canary{len(self.places)}x"
        word = self._known.setdefault(key, fresh) if group and text else fresh
        (token,) = _WORD.findall(word)
        self.places[token].add(at)
        return word


def _of(value: Mapping[Any, Any]) -> Iterable[Any]:
    return value.values() or ("",)


def _made(kind: Any) -> tuple[Any, ...]:  # noqa: ANN401 - an instance of any class of the model
    """Return one made of nothing; none of a class that needs more."""
    known = is_dataclass(kind) and isinstance(kind, type) and kind is not Term
    return (kind(),) if known else ()
