"""Pages as HTML, from templates in which every value is text: the only importer of Jinja2.

A page is one file that asks nothing of any other host and runs no script. A template extends
`base.html` and fills its blocks; a value that it names and was not given is a bug, and is told.
"""

from collections.abc import Callable, MutableMapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cli.output.text import clean

if TYPE_CHECKING:
    from types import CodeType

    from jinja2 import BaseLoader, Environment, Template

_TEMPLATES = Path(__file__).parent / "templates"


def render(template: str, **values: object) -> str:
    """Return a page made of a template of `cli/output/templates`."""
    return _environment().get_template(template).render(values)


@cache
def _environment() -> "Environment":
    from jinja2 import FileSystemLoader

    return environment(FileSystemLoader(_TEMPLATES))


def environment(loader: "BaseLoader | None" = None, *extensions: str) -> "Environment":
    """Return what makes pages of templates, each of which is loaded once, when first used."""
    from jinja2 import Environment, StrictUndefined

    return Environment(
        loader=loader,
        extensions=extensions,
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        finalize=_shown,
    )


def shared(source: Callable[[str], str]) -> "BaseLoader":
    """Return what loads templates for environments that are alike; the first one compiles them."""
    from jinja2 import BaseLoader

    codes: dict[str, CodeType] = {}

    class Loader(BaseLoader):
        def load(
            self,
            environment: "Environment",
            name: str,
            globals: "MutableMapping[str, Any] | None" = None,  # noqa: A002 - Jinja's name
        ) -> "Template":
            if name not in codes:
                codes[name] = environment.compile(source(name), name, name)
            values = environment.make_globals(None) if globals is None else globals
            return environment.template_class.from_code(environment, codes[name], values)

    return Loader()


def _shown(value: object) -> object:
    """Return what stands for a value: nothing for None, no character that acts in a text."""
    if value is None:
        return ""
    return clean(value) if type(value) is str else value
