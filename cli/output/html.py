"""Pages as HTML, from templates in which every value is text: the only importer of Jinja2.

A page is one file that asks nothing of any other host and runs no script. A template extends
`base.html` and fills its blocks; a value that it names and was not given is a bug, and is told.
"""

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from cli.output.text import clean

if TYPE_CHECKING:
    from jinja2 import Environment

_TEMPLATES = Path(__file__).parent / "templates"


def render(template: str, **values: object) -> str:
    """Return a page made of a template of `cli/output/templates`."""
    return _environment().get_template(template).render(values)


@cache
def _environment() -> "Environment":
    return environment(lambda name: (_TEMPLATES / name).read_text(encoding="utf-8"))


def environment(source: Callable[[str], str], *extensions: str) -> "Environment":
    """Return what makes pages of templates, each of which is compiled once, when first used."""
    from jinja2 import Environment, FunctionLoader, StrictUndefined

    return Environment(
        loader=FunctionLoader(source),
        extensions=extensions,
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        finalize=_shown,
    )


def _shown(value: object) -> object:
    """Return what stands for a value: nothing for None, no character that acts in a text."""
    if value is None:
        return ""
    return clean(value) if type(value) is str else value
