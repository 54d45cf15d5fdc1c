"""What people wrote to hurt the page's readers is shown to them as text, and does nothing."""

from dataclasses import fields, is_dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from states.vocabulary import State
from tests.browser.chromium import NARROWEST, Browser
from tests.browser.walking import walk
from tests.builders import complete_agreement
from tests.cli.running import run
from tests.stage import Stage

pytestmark = pytest.mark.browser

SHOWN = (
    "\"'`></title></script><script>document.title='ran'</script>"
    '<img src=x onerror="document.title=\'ran\'"><a href="javascript:alert(1)">{{ 7 * 7 }}</a>&amp;'
)
REVERSED = "\u202eslaerT\u2066"
WRITTEN = f" {SHOWN}{REVERSED}"


def hostile(it: Any) -> Any:  # noqa: ANN401 - any part of an agreement
    """Return a part of an agreement with each text that people write turned hostile."""
    changed: dict[str, Any] = {}
    for one in fields(it):
        value = getattr(it, one.name)
        if isinstance(value, str) and "longest" in one.metadata:
            changed[one.name] = value + WRITTEN
        elif isinstance(value, tuple):
            changed[one.name] = tuple(
                hostile(each) if is_dataclass(each) else each for each in value
            )
        elif is_dataclass(value):
            changed[one.name] = hostile(value)
    return replace(it, **changed)


def test_hostile_texts_show_as_text_on_every_page_and_run_nothing(
    browser: Browser, stage: Stage, tmp_path: Path
) -> None:
    """Tags, quotes, templates, javascript: addresses, marks that turn a line, 5,000 characters."""
    agreement = hostile(complete_agreement(title="Trade " + "with <b>everybody</b> " * 230))
    ref = stage.reach(State.ACTIVE, agreement)
    stage.attach(ref, f"{SHOWN.replace('/', '')}.pdf", public=True)
    site = tmp_path / "site"
    run("publish", site, "--db", stage.path, "--today", stage.day).well()
    met = walk(browser, f"{site.as_uri()}/index.html", site)
    assert met.faults == []
    for page in ("index.html", f"agreements/{ref}.html", f"fr/agreements/{ref}.html"):
        browser.wear(NARROWEST)
        browser.open(f"{site.as_uri()}/{page}")
        assert not browser.ask("return document.title").startswith("ran")
        text = browser.ask("return document.querySelector('main').textContent")
        assert SHOWN in text
        assert "\u202e" not in text
        assert browser.ask("return document.querySelectorAll('main img, main script').length") == 0
        assert browser.ask("return document.documentElement.scrollWidth") <= NARROWEST
