"""What modules import as they are imported, read from their text: the start of a command, unrun.

An import within a function waits until it is called, one under TYPE_CHECKING for ever.
"""

import ast
from collections.abc import Iterator
from functools import cache

from tests.builders import ROOT

OURS = frozenset({"cli", "store", "lifecycle", "guards", "states"})


def closure(*modules: str) -> set[str]:
    """Return all that importing some modules imports: ours, and what ours name of others'."""
    found: set[str] = set()
    left = list(modules)
    while left:
        module = left.pop()
        if module not in found:
            found.add(module)
            left += at_import(module)
    return found


@cache
def at_import(module: str) -> frozenset[str]:
    """Return what one of our modules imports at once; nothing is known of what others do."""
    parents = {module.rpartition(".")[0]} - {""}
    text = _text(module)
    return frozenset(parents if text is None else {*parents, *_named(_at_once(ast.parse(text)))})


def when_called(module: str) -> frozenset[str]:
    """Return what the functions of a module import, all of them together."""
    tree = ast.parse(_text(module) or "")
    functions = (node for node in tree.body if isinstance(node, ast.FunctionDef))
    return frozenset(_named(node for each in functions for node in ast.walk(each)))


def _at_once(tree: ast.Module) -> Iterator[ast.AST]:
    left: list[ast.AST] = [tree]
    while left:
        node = left.pop()
        yield node
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            left += node.orelse
        elif not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            left += ast.iter_child_nodes(node)


def _named(nodes: Iterator[ast.AST]) -> Iterator[str]:
    for node in nodes:
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            inner = (f"{node.module}.{alias.name}" for alias in node.names)
            yield from (name for name in inner if _text(name) is not None)


@cache
def _text(module: str) -> str | None:
    if module.partition(".")[0] not in OURS:
        return None
    path = ROOT.joinpath(*module.split("."))
    for file in (path.with_suffix(".py"), path / "__init__.py"):
        if file.is_file():
            return file.read_text(encoding="utf-8")
    return None
