"""A page as a browser reads it: its elements with their attributes, and the text that it shows."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

_VOID = frozenset({"meta", "link", "input", "br", "rect", "path", "use"})


@dataclass
class Page(HTMLParser):
    """What stands on a page."""

    source: str
    elements: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    unclosed: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Read it."""
        super().__init__(convert_charrefs=True)
        self.feed(self.source)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note an element."""
        self.elements.append((tag, {name: value or "" for name, value in attrs}))
        if tag not in _VOID:
            self.unclosed.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note an element that has nothing in it."""
        self.elements.append((tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        """Hold that what ends is what began last."""
        if tag not in _VOID:
            assert self.unclosed.pop() == tag

    def handle_data(self, data: str) -> None:
        """Note what is shown."""
        self.texts.append(data)

    @property
    def text(self) -> str:
        """What is shown, blanks folded."""
        return " ".join(" ".join(self.texts).split())

    def all(self, *tags: str) -> list[dict[str, str]]:
        """Return the attributes of all elements of some names, in order."""
        return [attributes for tag, attributes in self.elements if tag in tags]
