"""Draws the transition table as a Mermaid state diagram and as a Markdown table.

`python -m states.diagram` prints the page that stands in docs/lifecycle.md.
"""

import sys

from states.table import TRANSITIONS
from states.vocabulary import FINAL, State


def mermaid() -> str:
    """Return the table as the text of a Mermaid `stateDiagram-v2`."""
    moves = [
        f"    {source} --> {row.target}: {row.trigger}"
        for row in TRANSITIONS
        for source in row.sources
    ]
    ends = [f"    {state} --> [*]" for state in State if state in FINAL]
    return "\n".join(["stateDiagram-v2", f"    [*] --> {State.PROPOSAL}", *moves, *ends])


def page() -> str:
    """Return the whole page, diagram and table, in Markdown."""
    rows = [
        f"| `{row.trigger}` | {', '.join(row.sources)} | {row.target} | {' or '.join(row.by)} "
        f"| {', '.join(f'`{guard}`' for guard in row.guards) or '-'} |"
        for row in TRANSITIONS
    ]
    return "\n".join(
        [
            "# The lifecycle of an agreement",
            "",
            "Generated from `states/table.py` by `python -m states.diagram > docs/lifecycle.md`;",
            "`make check` fails when it is stale.",
            "",
            "```mermaid",
            mermaid(),
            "```",
            "",
            "| trigger | from | to | by | guards |",
            "|---|---|---|---|---|",
            *rows,
            "",
        ]
    )


if __name__ == "__main__":
    sys.stdout.write(page())
