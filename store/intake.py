"""What taking over a table reads in batches; see `lifecycle.intake.ports`."""

from collections.abc import Iterator, Mapping, Sequence

import msgspec

from lifecycle.intake.ports import OnRecord
from states.agreement import UNKNOWN
from store import statements as sql
from store.facts import Facts

_BATCH = 1_000


class _Party(msgspec.Struct):
    """What is read of a party in a document."""

    side: str = ""
    name: str = ""
    country: str | None = None


class _Named(msgspec.Struct):
    """What is read of a document: names, and nothing else."""

    parties: tuple[_Party, ...] = ()
    aliases: tuple[str, ...] = ()


_named = msgspec.json.Decoder(_Named).decode


class IntakeStore(Facts):
    """The reading half of taking over a table."""

    def lines_by_keys(self, keys: Sequence[str]) -> Mapping[str, bytes]:
        """Return the lines that were written under some idempotency keys."""
        found = self._of_many(sql.BY_IDEMPOTENCY_KEYS, keys)
        return {key: line.encode() for key, line in found}

    def on_record(self) -> Iterator[OnRecord]:
        """Yield whom the program's agreements are with."""
        after = -1
        while rows := self._rows(sql.ON_RECORD, after=after, most=_BATCH):
            after = rows[-1][0]
            for key, partner, country, type_, signed_on, signed_term, body in rows:
                if partner is None:
                    continue
                named = _named(body)
                home = next((p for p in named.parties if p.side == "home"), _Party())
                signed = signed_on if signed_term is None else signed_on or UNKNOWN
                yield OnRecord(
                    key=key,
                    partner=partner,
                    country=country or "",
                    type=type_,
                    signed=signed,
                    home=home.name,
                    home_country=home.country,
                    aliases=named.aliases,
                )
