"""The options with which an act says who decided, when, and by which paper."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import wraps
from typing import Any

import click

from cli.params import DAY, TEXT


@dataclass(frozen=True, slots=True)
class Acting:
    """Who decided, when, and the files that are attached with the act; nothing said is today."""

    on_behalf_of: str | None = None
    item: str | None = None
    effective: date | None = None
    files: tuple[str, ...] = ()

    @property
    def said(self) -> dict[str, Any]:
        """The fields of the order that these are."""
        return {
            "on_behalf_of": self.on_behalf_of,
            "item": self.item,
            "effective_on": self.effective,
        }

    def kind(self, otherwise: str) -> str:
        """Return what the files are: the body's resolution where one decided."""
        return "resolution" if self.on_behalf_of else otherwise


def acting(*, files: bool) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Add what every later change takes; the function gets it as `acting`."""

    def make(function: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(function)
        def wrapped(
            *args: Any,  # noqa: ANN401
            on_behalf_of: str | None,
            item: str | None,
            effective: date | None,
            attach: tuple[str, ...] = (),
            **kwargs: Any,  # noqa: ANN401
        ) -> Any:  # noqa: ANN401
            how = Acting(on_behalf_of, item, effective, attach)
            return function(*args, acting=how, **kwargs)

        options = [
            click.option(
                "--on-behalf-of",
                type=TEXT,
                metavar="BODY",
                help="The body that decided (City Council).",
            ),
            click.option("--item", type=TEXT, help="The body's item, for example EX12.3."),
            click.option(
                "--effective", type=DAY, metavar="DATE", help="The day of the act; else today."
            ),
            *([attaching] if files else []),
        ]
        for option in reversed(options):
            wrapped = option(wrapped)
        return wrapped

    return make


attaching = click.option(
    "--attach",
    type=click.Path(),
    metavar="FILE",
    multiple=True,
    help="Attach FILE with it; if it is refused, so is the file.",
)
"""The option that attaches a file along with an act."""
