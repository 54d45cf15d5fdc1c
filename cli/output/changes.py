"""What differs between two documents, key by key, and how that reads."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from typing import Any

from cli.output.streams import style, width
from cli.output.text import paragraphs


@dataclass(frozen=True, slots=True)
class Difference:
    """One key whose value differs; None stands for nothing."""

    key: str
    before: object
    after: object

    def shape(self) -> dict[str, object]:
        """Return the difference as JSON."""
        return {"key": self.key, "before": self.before, "after": self.after}


def differences(before: object, after: object) -> list[Difference]:
    """Return every key in which two documents, sheets or records differ, in their order."""
    old, new = dict(_leaves("", before)), dict(_leaves("", after))
    keys = [*new, *(key for key in old if key not in new)]
    return [
        Difference(key, old.get(key), new.get(key)) for key in keys if old.get(key) != new.get(key)
    ]


def changes_text(changes: Sequence[Difference]) -> str:
    """Return differences as people read them: what was there, what is there."""
    lines = []
    for change in changes:
        lines.append(style(change.key, bold=True))
        for sign, value, colour in (("-", change.before, "red"), ("+", change.after, "green")):
            if value is not None:
                text = paragraphs(str(value), width(), first=f"  {sign} ")
                lines.append(style(text, fg=colour))
    return "\n".join(lines) + "\n" if lines else ""


def _leaves(path: str, value: object) -> Iterator[tuple[str, object]]:
    """Yield every value of a document under its key path; entries go by id where they have one."""
    if is_dataclass(value):
        for field in fields(value):
            key = f"{path}.{field.name}" if path else field.name
            yield from _leaves(key, getattr(value, field.name))
    elif isinstance(value, Mapping):
        for name, item in value.items():
            yield from _leaves(f"{path}.{name}", item)
    elif isinstance(value, tuple):
        for index, item in enumerate(value):
            yield from _leaves(f"{path}[{_name_of(item, index)}]", item)
    elif value not in {None, ""}:
        yield path, value


def _name_of(item: Any, index: int) -> object:  # noqa: ANN401 - any entry of a list
    return getattr(item, "id", None) or index
