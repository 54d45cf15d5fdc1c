"""The register's dates as a calendar that anybody may subscribe to: `calendar.ics` (RFC 5545).

One all-day event for each of an agreement's public dates, under the name that it keeps for good.
An event's stamp is the day of the agreement's last change, so that what is written anew moves only
where something did. Its words are of one language, the site's first. No event has a URL: a feed
doesn't know at which address it will lie.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, time
from io import BytesIO

from cli.output.calendar import end, event, head
from cli.output.text import one_line
from cli.publishing.language import Language
from lifecycle.publishing.public_agreement import PublicAgreement

PATH = "calendar.ics"


class Feed:
    """A calendar that agreements are added to, one by one."""

    def __init__(self, name: str, language: Language) -> None:
        """Begin the calendar of a program, with its name, in a language."""
        self._language = language
        self._text = BytesIO()
        self._text.write(head(name))

    def add(self, public: PublicAgreement) -> None:
        """Add an agreement's dates."""
        stamp = datetime.combine(public.changed_on, time(), UTC)
        told = _joined(public.ref, public.type_title, public.partner)
        for one in public.dates:
            rule = self._language.word(one.rule, "rule")
            self._text.write(
                event(
                    uid=one.uid,
                    stamp=stamp,
                    day=one.on,
                    summary=_joined(rule, one.what, public.title),
                    description=told,
                    category=one.rule,
                )
            )

    def files(self) -> Iterator[tuple[str, bytes]]:
        """Yield the one file that it is, by path."""
        yield PATH, self._text.getvalue() + end()


def _joined(*texts: str | None) -> str:
    """Return the texts that there are on one line, with what no language sets in its own way."""
    return one_line(" \u2013 ".join(filter(None, texts)))
