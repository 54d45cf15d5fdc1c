"""Markdown (GitHub's, with its tables) from values that anybody may have written.

What would be read as a mark is escaped, so that it stands there as it was written.
"""

import re
from collections.abc import Iterable, Sequence

from cli.output.text import one_line

_MARK = re.compile(r"([\\`*_{}\[\]()#+!|<>~$])")
_LEADING = re.compile(r"^(\s*)([-=]|\d+[.)])")


def md_text(value: object) -> str:
    """Return a value as text on one line, in which nothing is a mark."""
    escaped = _MARK.sub(r"\\\1", "" if value is None else one_line(value)).replace("&", "&amp;")
    return _LEADING.sub(_kept, escaped)


def md_table(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Return rows as a table under headings; what is None is an empty cell."""
    lines = [columns, ["---"] * len(columns), *rows]
    written = (
        [str(cell) if index == 1 else md_text(cell) for cell in line]
        for index, line in enumerate(lines)
    )
    return "".join(f"| {' | '.join(cells)} |\n" for cells in written)


def _kept(found: re.Match[str]) -> str:
    begun = found[2]
    return f"{found[1]}{begun[:-1]}\\{begun[-1]}"
