"""The pages of the public register, in one language: who they are told to, and by which template.

A page is made from the public forms of agreements and programs and from nothing else, so that what
is not public can't be on it; for staff, what is missing and overdue stands beside. Every text that
people wrote is shown as text. A page asks nothing of any other host, runs no script but the site's
own, and names no run date: what has not changed has the same bytes.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from cli.publishing.figures import figures_of
from cli.publishing.language import Language, language
from cli.publishing.periods import limits_of, periods_of
from cli.publishing.register import Row, filters_of
from cli.publishing.templating import renderer
from cli.publishing.track import track_of
from cli.publishing.yearly import told
from guards.policy import Policy
from lifecycle.publishing.internal import InternalAgreement, InternalProgram
from lifecycle.publishing.public_agreement import PublicAgreement
from lifecycle.publishing.public_program import PublicProgram
from lifecycle.publishing.public_year import PublicReport

INTERNAL = "internal"
"""The audience that is the city's staff; any other is the public."""

_HERE = Path(__file__).parent

CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
    " base-uri 'none'; form-action 'none'"
)
"""What a page may load: its own script, its own style, images of the site or within the page."""

_ICON = (
    "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'%3E"
    "%3Crect width='16' height='16' rx='3' fill='%23165788'/%3E"
    "%3Cpath d='M4 4h8M4 8h8M4 12h5' stroke='%23fff' stroke-width='1.6'/%3E%3C/svg%3E"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """Whose site it is, the language of these pages, and who they are for.

    `languages` are the codes of all that the site comes in: the first stands at its root, each
    other in a folder of its own.
    """

    code: str
    name: str
    language: Language
    languages: Sequence[str]
    audience: str = "public"

    @property
    def internal(self) -> bool:
        """Whether the pages are for staff."""
        return self.audience == INTERNAL


@dataclass(frozen=True, slots=True, kw_only=True)
class Seal:
    """The checkpoint as it is published: the note, what it covers, and whose key signed it.

    `position` is how many lines the log has on the day; without a note the log is not sealed.
    """

    position: int
    on: date
    note: str | None = None
    sealed: int = 0
    root: str = ""
    sealed_at: str = ""
    key: str = ""


def folder_of(site: Site, code: str) -> str:
    """Return the folder of a language's pages, from the site's root: none for the first."""
    return "" if code == site.languages[0] else f"{code}/"


class Pages:
    """The pages of one language; templates are compiled once."""

    def __init__(self, site: Site) -> None:
        """Take whose site it is."""
        self._site = site
        words = site.language
        _ = words.gettext
        sections = (
            ("register", "index.html", _("Register")),
            ("program", "program.html", _("Program")),
            ("reports", "reports/index.html", _("Reports")),
            ("policy", "policy.html", _("Policy")),
            ("checkpoint", "checkpoint.html", _("Verify")),
        )
        self._render = renderer(
            words,
            site.languages[0],
            {"site": site, "code": words.code, "csp": CSP, "icon": _ICON, "sections": sections},
        )

    def register(self, rows: Sequence[Row]) -> str:
        """Return the register: a table of all rows, which a script searches, filters and sorts."""
        _ = self._site.language.gettext
        columns = {
            "title": _("Agreement"),
            "partner": _("Partner"),
            "type": _("Type"),
            "state": _("State"),
            "signed": _("Signed"),
            "next": _("Next decision"),
        }
        return self._page(
            "register.html",
            "register",
            "index.html",
            rows=rows,
            filters=filters_of(rows, self._site.language),
            columns=tuple(columns.items()),
            labels=columns,
        )

    def agreement(self, it: PublicAgreement, internal: InternalAgreement | None = None) -> str:
        """Return one agreement's page; `internal` is what staff are told beside."""
        return self._page(
            "agreement.html",
            "register",
            f"agreements/{it.ref}.html",
            it=it,
            track=track_of(it.state),
            internal=internal,
        )

    def program(self, it: PublicProgram, internal: InternalProgram | None = None) -> str:
        """Return the program's page, with charts."""
        year = it.roles[-1].year if it.roles else None
        return self._page(
            "program.html",
            "program",
            "program.html",
            it=it,
            budget=next((one for one in it.budgets if one.year == year), None),
            most=max((one.count for one in it.types), default=0) or 1,
            figures=figures_of(it, self._site.language),
            internal=internal,
        )

    def reports(self, years: Iterable[int]) -> str:
        """Return the list of annual reports, the newest first."""
        newest = sorted(years, reverse=True)
        return self._page("reports.html", "reports", "reports/index.html", years=newest)

    def report(self, it: PublicReport) -> str:
        """Return the report on a year."""
        page = f"reports/{it.year}.html"
        figures = told(it, self._site.language)
        return self._page("report.html", "reports", page, it=it, told=figures)

    def policy(self, it: Policy) -> str:
        """Return the policy in force in readable form; who is told of what is not public."""
        words = self._site.language
        return self._page(
            "policy.html",
            "policy",
            "policy.html",
            it=it,
            periods=periods_of(it, words),
            limits=limits_of(it, words),
        )

    def checkpoint(self, it: Seal) -> str:
        """Return the log's checkpoint, and how anybody verifies it."""
        return self._page("checkpoint.html", "checkpoint", "checkpoint.html", it=it)

    def _page(self, template: str, here: str, page: str, **values: object) -> str:
        """Return a page at its path within a language's folder, with its relative addresses."""
        site = self._site
        home = "../" * page.count("/")
        root = home if not folder_of(site, site.language.code) else f"../{home}"
        translations = [
            {
                "code": code,
                "name": language(code).name,
                "href": f"{root}{folder_of(site, code)}{page}",
            }
            for code in site.languages
        ]
        return self._render(
            template,
            here=here,
            page=page,
            home=home,
            root=root,
            translations=translations,
            **values,
        )


def assets() -> Iterator[tuple[str, bytes]]:
    """Yield the site's style and script, each at its path from the site's root."""
    for path in sorted((_HERE / "assets").iterdir()):
        yield f"assets/{path.name}", path.read_bytes()
