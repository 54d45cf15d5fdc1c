"""The register's dates as a calendar that anybody may subscribe to: `calendar.ics` (RFC 5545).

One all-day event for each of an agreement's public dates, under the name that it keeps for good.
An event's stamp is the day of the agreement's last change, so that what is written anew moves only
where something did. No event has a URL: a feed doesn't know at which address it will lie.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, time
from io import BytesIO

from cli.output.calendar import end, event, head, short
from cli.output.text import one_line
from lifecycle.publishing.public_agreement import PublicAgreement

PATH = "calendar.ics"


class Feed:
    """A calendar that agreements are added to, one by one."""

    def __init__(self, name: str) -> None:
        """Begin the calendar of a program, with its name."""
        self._text = BytesIO()
        self._text.write(head(name))

    def add(self, public: PublicAgreement) -> None:
        """Add an agreement's dates."""
        stamp = datetime.combine(public.changed_on, time(), UTC)
        lines = [public.title, ": ".join(filter(None, (public.type_title, public.partner)))]
        description = "\n".join(map(one_line, lines))
        for one in public.dates:
            self._text.write(
                event(
                    uid=one.uid,
                    stamp=stamp,
                    day=one.on,
                    summary=f"{public.ref} {short(one.rule, one.what)}: {public.title}",
                    description=description,
                    category=one.rule,
                )
            )

    def files(self) -> Iterator[tuple[str, bytes]]:
        """Yield the one file that it is, by path."""
        yield PATH, self._text.getvalue() + end()
