"""A headless Chromium that opens pages, and tells what a reader of them would run into.

It is Debian's, driven through Debian's chromedriver: nothing is downloaded, and no other host can
be reached. Every page is looked at alike: what it asked for, what its console complained about.
"""

import base64
import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from shutil import which
from typing import Any, Literal, Self
from urllib.parse import urldefrag

from selenium.webdriver import Chrome, ChromeOptions
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.wait import WebDriverWait

Scheme = Literal["light", "dark"]

PHONE = 390
DESKTOP = 1280
NARROWEST = 320
"""Widths of a window in CSS pixels; at the narrowest WCAG asks that nothing has to be scrolled."""

_SECONDS = 30
_HEIGHTS = {NARROWEST: 640, PHONE: 844, DESKTOP: 900}
_FLAGS = (
    "--headless=new",
    # It opens our own pages alone, and neither root nor a container can have its sandbox.
    "--no-sandbox",
    "--disable-dev-shm-usage",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
    "--lang=en",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
)
_THERE = "return document.readyState === 'complete' && location.href.split('#')[0]"
_SIZE = """
const page = document.documentElement;
return [page.clientWidth, page.scrollHeight];
"""


@dataclass(frozen=True, slots=True)
class Looked:
    """What a page did when it was opened: whom it asked, and what its console complained about."""

    requests: tuple[str, ...]
    complaints: tuple[str, ...]


class Browser:
    """One window of a browser of the tests' own."""

    def __init__(self, folder: Path) -> None:
        """Start a browser that keeps what it keeps in a folder."""
        options = ChromeOptions()
        options.binary_location = _program("chromium")
        for flag in (*_FLAGS, f"--user-data-dir={folder}"):
            options.add_argument(flag)
        logs = {"browser": "ALL", "performance": "ALL"}
        options.set_capability("goog:loggingPrefs", logs)
        self.driver = Chrome(options, Service(_program("chromedriver")))
        self.driver.set_page_load_timeout(_SECONDS)
        self.driver.set_script_timeout(_SECONDS)

    def __enter__(self) -> Self:
        """Return the browser."""
        return self

    def __exit__(self, *_how: object) -> None:
        """End it."""
        self.driver.quit()

    def open(self, url: str) -> None:
        """Open a page, whatever was open before, and let it run its script.

        The driver says now and then that it is there before it is.
        """
        self.driver.get(url)
        self.await_(lambda: self.ask(_THERE) == urldefrag(url).url)

    def look(self) -> Looked:
        """Return what was asked for and complained about since the last look."""
        events = [json.loads(each["message"])["message"] for each in self._log("performance")]
        asked = [each["params"] for each in events if each["method"] == "Network.requestWillBeSent"]
        requests = tuple(each["request"]["url"] for each in asked)
        complaints = tuple(each["message"] for each in self._log("browser"))
        return Looked(requests, complaints)

    def ask(self, script: str, *values: object) -> Any:  # noqa: ANN401 - whatever it returns
        """Return what a script of the test's own returns in the page."""
        return self.driver.execute_script(script, *values)

    def find(self, selector: str) -> list[WebElement]:
        """Return the elements that a CSS selector names."""
        return self.driver.find_elements("css selector", selector)

    def press(self, *keys: str) -> None:
        """Press keys, one after the other, wherever the focus is."""
        self.driver.switch_to.active_element.send_keys(*keys)

    def await_(self, holds: Callable[[], bool]) -> None:
        """Wait until something holds; fails after a while in which it doesn't."""
        WebDriverWait(self.driver, _SECONDS, 0.02).until(lambda _driver: holds())

    def wear(self, width: int = DESKTOP, scheme: Scheme = "light", media: str = "screen") -> None:
        """Be a window of this width, for somebody who likes it light or dark."""
        size = {"width": width, "height": _HEIGHTS[width], "deviceScaleFactor": 1}
        mobile = {"mobile": width < DESKTOP}
        self._tell("Emulation.setDeviceMetricsOverride", **size, **mobile)
        liked = [
            {"name": "prefers-color-scheme", "value": scheme},
            # What moves slowly is not there yet when a test looks.
            {"name": "prefers-reduced-motion", "value": "reduce"},
        ]
        self._tell("Emulation.setEmulatedMedia", media=media, features=liked)

    @contextmanager
    def without_scripts(self) -> Iterator[None]:
        """Run no page's script within the block; what a test asks is answered all the same."""
        self._tell("Emulation.setScriptExecutionDisabled", value=True)
        try:
            yield
        finally:
            self._tell("Emulation.setScriptExecutionDisabled", value=False)

    def picture(self) -> bytes:
        """Return the whole page as PNG, below the window's lower edge too."""
        width, height = self.ask(_SIZE)
        clip = {"x": 0, "y": 0, "width": width, "height": height, "scale": 1}
        taken = self._tell("Page.captureScreenshot", captureBeyondViewport=True, clip=clip)
        return base64.b64decode(taken["data"])

    def paper(self) -> bytes:
        """Return the page as it is printed, as PDF."""
        return base64.b64decode(self.driver.print_page())

    def _tell(self, command: str, **values: Any) -> Any:  # noqa: ANN401 - Chromium's
        return self.driver.execute_cdp_cmd(command, values)

    def _log(self, name: str) -> Sequence[dict[str, Any]]:
        entries: Sequence[dict[str, Any]] = self.driver.get_log(name)  # type: ignore[no-untyped-call]
        return entries


def _program(name: str) -> str:
    found = which(name)
    if found is None:
        message = f"{name} is not on this machine: apt-get install chromium chromium-driver"
        raise RuntimeError(message)
    return found
