"""Other engines doing our work, each the way its own documentation teaches it.

One module an engine: `signing` returns what signs the next agreement, `sweep` expires what is due.
They are imported in the process that does the work, since some can be set up only once in one. Some
are under the AGPL or LGPL: they stand in the benchmarks' own environment and nowhere else.
"""

from collections.abc import Callable
from importlib import import_module

from benchmarks.others.work import Work

MODULES = {
    "transitions + SQLAlchemy ORM": "orm",
    "Django + viewflow.fsm": "viewflow_fsm",
    "SpiffWorkflow": "spiff",
    "DBOS": "dbos_transact",
}
"""Each engine's module, by the name under which it is told."""


def signing(module: str, work: Work) -> Callable[[], None]:
    """Return an engine's step, in the process that is going to do it."""
    step: Callable[[], None] = import_module(f"{__name__}.{module}").signing(work)
    return step


def sweep(module: str, work: Work) -> int:
    """Let an engine expire what is due; returns how much it was."""
    due: int = import_module(f"{__name__}.{module}").sweep(work)
    return due


def stored(module: str | None, document: str, state: str) -> str:
    """Return what an engine keeps of a document: itself, or a process that has it as its data."""
    if module != "spiff":
        return document
    text: str = import_module(f"{__name__}.{module}").document(document, state)
    return text
