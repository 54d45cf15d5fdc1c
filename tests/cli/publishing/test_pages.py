"""The register's pages: what they show, what they ask for, and that all text on them is text."""

import gzip
import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from functools import cache
from itertools import pairwise
from pathlib import Path
from posixpath import dirname, join, normpath
from typing import Any

import msgspec
import pytest
from msgspec.structs import replace

import cli.publishing
from cli.publishing.language import language
from cli.publishing.pages import CSP, Pages, Seal, Site, assets
from cli.publishing.register import row_of
from states.vocabulary import State
from store.policies import parse_policy, shipped, shipped_policy
from tests.cli.publishing.reading import Page
from tests.cli.publishing.samples import (
    AGREEMENT,
    FOR_STAFF,
    HOSTILE,
    PROGRAM,
    PROGRAM_FOR_STAFF,
    PROPOSAL,
    REPORT,
    agreements,
)

TEMPLATES = Path(cli.publishing.__file__).parent / "templates"
SEAL = Seal(
    position=1234,
    on=date(2026, 11, 22),
    note="lifecycle/TOR/0123\n1027\nAbcd=\n\n— lifecycle/TOR/0123 Zm9v\n",
    sealed=1027,
    root="ab" * 32,
    sealed_at="2026-11-22T06:45:09.000000Z",
    key="lifecycle/TOR/0123+abcdef01+AbCd",
)
OTHERS = {
    "agreements/TOR-2026-003.json",
    "agreements/TOR-2027-001.json",
    "data/agreements.csv",
    "data/datapackage.json",
    "calendar.ics",
    "checkpoint.txt",
    AGREEMENT.files[0].path,
}
"""What pages lead to that is no page."""


def pages(code: str = "en", audience: str = "public") -> Pages:
    """Return the pages of a language."""
    return Pages(
        Site(
            code="TOR",
            name="Alliance & Program",
            language=language(code),
            languages=("en", "fr"),
            audience=audience,
        )
    )


@cache
def site() -> dict[str, Page]:
    """Return a whole site in both languages, each page at its path."""
    some = [AGREEMENT, PROPOSAL]
    policy = parse_policy(shipped_policy("toronto-2018"))
    made: dict[str, str] = {}
    for code, folder in (("en", ""), ("fr", "fr/")):
        one = pages(code)
        made[f"{folder}index.html"] = one.register([row_of(it) for it in some])
        for it in some:
            made[f"{folder}agreements/{it.ref}.html"] = one.agreement(it)
        made[f"{folder}program.html"] = one.program(PROGRAM)
        made[f"{folder}reports/index.html"] = one.reports([2028])
        made[f"{folder}reports/2028.html"] = one.report(REPORT)
        made[f"{folder}policy.html"] = one.policy(policy)
        made[f"{folder}checkpoint.html"] = one.checkpoint(SEAL)
    return {path: Page(source) for path, source in made.items()}


def every_page(test: Any) -> Any:  # noqa: ANN401 - a decorator
    """Try a test with each kind of page, in both languages."""
    paths = (
        "index",
        "agreements/TOR-2026-003",
        "agreements/TOR-2027-001",
        "program",
        "reports/index",
        "reports/2028",
        "policy",
        "checkpoint",
    )
    named = [f"{folder}{path}.html" for folder in ("", "fr/") for path in paths]
    return pytest.mark.parametrize("path", named)(test)


@every_page
def test_page_asks_nothing_of_another_host_and_runs_nothing_of_its_own(path: str) -> None:
    """The policy forbids it, and there is no inline style or script that it would have to allow."""
    page = site()[path]
    policies = [one for one in page.all("meta") if one.get("http-equiv")]
    assert policies == [{"http-equiv": "Content-Security-Policy", "content": CSP}]
    assert "unsafe" not in CSP
    assert page.all("style", "iframe", "object", "embed", "base") == []
    assert not [name for _tag, one in page.elements for name in one if name[:2] == "on"]
    assert not [one for _tag, one in page.elements if "style" in one]
    assert all(one["src"].endswith("assets/site.js") for one in page.all("script"))
    assert "//" not in re.sub(r"http://www.w3.org/\d+/(svg|xlink)", "", page.source)


@every_page
def test_every_address_is_relative_and_leads_to_what_there_is(path: str) -> None:
    """So the site works under any prefix and from a folder, and in each language by itself."""
    known = {*site(), *OTHERS, *(name for name, _body in assets())}
    for _tag, one in site()[path].elements:
        for address in (one.get("href", ""), one.get("src", "")):
            target = address.partition("#")[0]
            if target and not target.startswith("data:"):
                assert normpath(join(dirname(path), target)) in known, address


@every_page
def test_page_is_built_for_all_who_read_it(path: str) -> None:
    """Its language is said, headings are in order, landmarks are named, tables have headings."""
    page = site()[path]
    assert page.unclosed == []
    assert page.all("html") == [{"lang": "fr" if path.startswith("fr/") else "en"}]
    levels = [int(tag[1]) for tag, _one in page.elements if re.fullmatch(r"h[1-6]", tag)]
    assert levels.count(1) == 1
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    ids = [one["id"] for _tag, one in page.elements if "id" in one]
    assert len(ids) == len(set(ids))
    asked = {name for _tag, one in page.elements for name in one.get("aria-labelledby", "").split()}
    assert asked <= set(ids)
    assert all("aria-label" in one for one in page.all("nav", "aside"))
    assert all(one.get("scope") in {"col", "row"} for one in page.all("th"))
    assert page.all("a")[0] == {"class": "skip", "href": "#main"}
    other = [one for one in page.all("a") if "hreflang" in one]
    assert [one["lang"] for one in other] == ["en" if path.startswith("fr/") else "fr"]


def test_market_that_is_a_country_is_named_in_the_pages_language() -> None:
    """A policy's and a document's markets are words of the city's, or codes of countries."""
    shown = pages("fr").agreement(replace(AGREEMENT, markets=("MX", "pearl_river_delta")))
    assert '<span dir="auto">Mexique</span>' in shown
    assert '<span dir="auto">Pearl river delta</span>' in shown


def test_what_people_wrote_is_said_to_be_in_their_language() -> None:
    """On a French page an English title is marked as English (WCAG 3.1.2)."""
    path = "agreements/TOR-2026-003.html"
    marked = [{one.get("lang") for one in site()[page].all("bdi")} for page in (path, f"fr/{path}")]
    assert marked == [{None}, {"en"}]


def texts_of(value: Any) -> Iterator[str]:  # noqa: ANN401 - any part of an agreement
    """Yield every text that people wrote in a public form."""
    kept = {"ref", "side", "kind", "status", "outcome", "sha256", "path", "entry", "currency"}
    kept |= {"country", "signed_on", "rule", "uid", "id", "project", "role", "type", "ground"}
    if isinstance(value, msgspec.Struct):
        for name in value.__struct_fields__:
            item = getattr(value, name)
            if name not in kept and not isinstance(item, State):
                yield from texts_of(item)
    elif isinstance(value, tuple):
        for item in value:
            yield from texts_of(item)
    elif type(value) is str:
        yield value


@pytest.mark.parametrize("code", ["en", "fr"])
def test_all_that_is_public_of_an_agreement_stands_on_its_page(code: str) -> None:
    """Every text that people wrote is on it, line by line, whatever the page's language."""
    shown = Page(pages(code).agreement(AGREEMENT)).text.casefold()
    lines = [line for text in texts_of(AGREEMENT) for line in text.split("\n")]
    missing = [line for line in lines if line.replace("_", " ").casefold() not in shown]
    assert missing == []


def test_nothing_but_what_names_it_stands_on_the_page_of_what_was_not_signed() -> None:
    """It says so, and has no empty headings."""
    page = site()["agreements/TOR-2027-001.html"]
    assert "Nothing is signed yet" in page.text
    assert len(page.all("h2")) == 1


def hostile(value: Any) -> Any:  # noqa: ANN401 - any part of an agreement
    """Return an agreement in which every text that people write is hostile."""
    if isinstance(value, msgspec.Struct):
        kept = {"ref", "sha256", "path", "entry", "currency", "signed_on", "kind", "side"}
        changed = {
            name: hostile(getattr(value, name))
            for name in value.__struct_fields__
            if name not in kept
        }
        return replace(value, **changed)
    if isinstance(value, tuple):
        return tuple(map(hostile, value))
    return HOSTILE if type(value) is str else value


def test_hostile_text_is_shown_as_text_on_every_page() -> None:
    """Script tags, quotes, direction marks, control characters: written out, and nothing acts."""
    one = pages()
    bad = replace(hostile(AGREEMENT), country="CN")
    program = hostile(replace(PROGRAM, types=PROGRAM.types[:1], years=()))
    sources = {
        "agreement": (one.agreement(bad), one.agreement(AGREEMENT)),
        "register": (one.register([row_of(bad)]), one.register([row_of(AGREEMENT)])),
        "program": (one.program(program), one.program(replace(PROGRAM, years=()))),
        "report": (one.report(hostile(REPORT)), one.report(REPORT)),
    }
    for source, harmless in sources.values():
        page = Page(source)
        assert "<script>alert(1)</script>\" onload='x' {{ 7 * 7 }}" in page.text
        assert not re.search("[\u202e\u2066\x1b]", source)
        kinds = {(tag, *sorted(attributes)) for tag, attributes in page.elements}
        known = {(tag, *sorted(names)) for tag, names in Page(harmless).elements}
        assert kinds <= known | {("bdi", "class")}


def test_register_is_complete_without_its_script() -> None:
    """All rows are in the table, and the controls, which would do nothing, are hidden."""
    some = agreements(30)
    page = Page(pages().register([row_of(it) for it in some]))
    assert [one["data-s"] for one in page.all("tr")[1:]] == [it.state for it in some]
    assert all("hidden" in one for one in page.all("form"))
    assert page.all("script") == [{"src": "assets/site.js", "defer": ""}]
    assert "Agreements: 30" in page.text
    names = [one["name"] for one in page.all("input", "select")]
    assert names == ["q", "state", "country", "year", "sort"]


def test_register_of_a_thousand_agreements_is_under_300_kb_compressed() -> None:
    """With all that it needs."""
    page = pages().register([row_of(it) for it in agreements(1000)])
    parts = [page.encode(), *(body for _path, body in assets())]
    assert sum(len(gzip.compress(part)) for part in parts) < 300_000


def test_numbers_are_said_in_words_beside_what_is_drawn() -> None:
    """How far an indicator is and what a chart shows can be read without seeing it."""
    agreement, program = site()["agreements/TOR-2026-003.html"], site()["fr/program.html"]
    assert (
        "Businesses reached 31 businesses Baseline: 0 78% of the way Target: 40" in agreement.text
    )
    assert all(one.get("aria-hidden") or one.get("role") == "img" for one in program.all("svg"))
    rows = ("2025 640\u00a0000\u00a0CAD 900\u00a0000\u00a0CAD", "2026 912\u00a0500,50\u00a0CAD")
    assert all(" ".join(row.split()) in program.text for row in rows)


@pytest.mark.parametrize(
    ("state", "now", "last"),
    [
        (State.PROPOSAL, "Proposal", "Renewal or sunset (ahead)"),
        (State.ACTIVE, "Active", "Renewal or sunset (ahead)"),
        (State.RENEWAL, "Renewal", "Renewal (now)"),
        (State.SUNSET, "Sunset", "Sunset (now)"),
        (State.DECLINED, "Declined", "Declined (now)"),
    ],
)
def test_track_says_where_an_agreement_stands(state: State, now: str, last: str) -> None:
    """One step is the current one, and the last is how it ended, once that is known."""
    page = Page(pages().agreement(replace(PROPOSAL, state=state)))
    steps = [one for one in page.all("li") if one.get("class") in {"done", "now", "ahead"}]
    assert [one["class"] for one in steps if "aria-current" in one] == ["now"]
    assert f"{now} (now)" in page.text
    assert last in page.text


def test_pages_for_staff_say_so_and_are_not_to_be_found() -> None:
    """Each has a banner and asks search engines to leave it out; public pages have neither."""
    staff = Page(pages(audience="internal").agreement(AGREEMENT, FOR_STAFF))
    assert {"name": "robots", "content": "noindex, nofollow"} in staff.all("meta")
    assert "For staff only." in staff.text
    public = site()["agreements/TOR-2026-003.html"]
    assert "noindex" not in public.source
    assert "For staff only." not in public.text


def test_staff_see_what_is_missing_overdue_and_planned() -> None:
    """Each next step with what it lacks, what is late, money, and the years ahead."""
    one = pages(audience="internal")
    agreement = Page(one.agreement(AGREEMENT, FOR_STAFF)).text
    alert = FOR_STAFF.overdue[0]
    assert all(text in agreement for text in (alert.owner, alert.message, alert.fix))
    assert "It can't be taken yet: The term ends on 2029-12-31" in agreement
    assert "terminate → Evaluation By: Decider. Nothing is missing." in agreement
    program = Page(one.program(PROGRAM, PROGRAM_FOR_STAFF)).text
    assert "1 more are overdue and not listed here." in program
    assert "22 TOR-2026-003 , TOR-2026-004" in program
    assert "-50,000 CAD exceeded" in program.replace("\u2212", "-").replace("\u00a0", " ")
    assert "11 over the cap" in program


@pytest.mark.parametrize("name", shipped())
def test_every_shipped_policy_can_be_read(name: str) -> None:
    """Its types, its criteria and who decides stand on the page; who is told of what does not."""
    policy = parse_policy(shipped_policy(name))
    shown = Page(pages("fr").policy(policy)).text
    assert all(one.title in shown for one in policy.types.values())
    assert all(" ".join(one.question.split()) in shown for one in policy.criteria.items)
    assert all(body.name in shown for body in policy.bodies)


def test_what_is_not_there_is_said() -> None:
    """An empty register, no report, no seal: a sentence each, and no empty table."""
    one = pages()
    empty = replace(PROGRAM, types=(), years=(), budgets=(), roles=(), worklist=(), decisions=())
    made = (
        (one.register([]), "No agreement is public yet."),
        (one.reports([]), "There is no annual report yet."),
        (one.checkpoint(Seal(position=0, on=date(2026, 1, 1))), "there is no checkpoint"),
        (one.program(empty), "No decision is due within a year."),
    )
    for source, said in made:
        page = Page(source)
        assert said in page.text
        assert page.all("table", "pre") == []


def test_size_of_a_file_is_said_as_people_say_it() -> None:
    """In kilobytes, and in megabytes from the first on."""
    files = [replace(AGREEMENT.files[0], size=size) for size in (10, 999_499, 2_500_000)]
    shown = Page(pages("fr").agreement(replace(AGREEMENT, files=tuple(files)))).text
    assert "1 ko" in shown
    assert "999 ko" in shown
    assert "2,5 Mo" in shown


def test_every_text_of_a_template_can_be_translated() -> None:
    """No template has a word of its own: all go through gettext, or are values."""
    for path in sorted(TEMPLATES.iterdir()):
        text = path.read_text(encoding="utf-8")
        text = re.sub(r"{% trans trimmed %}.*?{% endtrans %}|{#.*?#}", "", text, flags=re.DOTALL)
        text = re.sub(r"{{.*?}}|{%.*?%}", "", text, flags=re.DOTALL)
        shown = re.sub(r"<[^>]*>", " ", text)
        assert re.findall(r"[A-Za-z]{2,}", shown) in ([], COMMANDS), path.name


COMMANDS = re.findall(
    r"[A-Za-z]{2,}",
    "lifecycle log verify --key KEY.pub --checkpoint checkpoint.txt"
    " python3 verify.py --key KEY.pub --checkpoint checkpoint.txt FOLDER",
)
"""What is typed is not translated."""


def test_a_page_is_the_same_each_time() -> None:
    """The same values give the same bytes, in whichever order pages are made."""
    again = pages()
    assert again.program(PROGRAM) == site()["program.html"].source
    assert pages().agreement(AGREEMENT) == site()["agreements/TOR-2026-003.html"].source


def test_bar_shows_no_less_than_nothing_and_no_more_than_all() -> None:
    """What went the wrong way, or past its target, is still said as it is."""
    measure = AGREEMENT.projects[0].objectives[0].indicators[0]
    for done, width in ((-40, "0"), (250, "100")):
        objective = replace(
            AGREEMENT.projects[0].objectives[0],
            indicators=(replace(measure, done=done, actual=Decimal(done)),),
        )
        project = replace(AGREEMENT.projects[0], objectives=(objective,))
        page = Page(pages().agreement(replace(AGREEMENT, projects=(project,))))
        assert [one["width"] for one in page.all("rect") if one["class"] == "part"] == [width]
