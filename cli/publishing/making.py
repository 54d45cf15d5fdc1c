"""Makes a program's site: a stream of its files, in one walk over the portfolio as it is now.

One file is in memory at a time. What the site says follows from the log and the day alone.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from cli.publishing.comparing import Piece
from cli.publishing.manifest import Log, Manifest
from guards.policy import Policy
from lifecycle.sealing.ports import Seal
from lifecycle.sealing.rekeying import name_of
from store.reader import Reader

PUBLIC, INTERNAL = "public", "internal"


@dataclass(frozen=True, slots=True, kw_only=True)
class Making:
    """What a site is made from: a reader of one moment, the policy in force, and the day."""

    reader: Reader
    policy: Policy
    day: date
    audience: str
    seal: Seal | None

    @classmethod
    def of(cls, reader: Reader, day: date, audience: str) -> "Making":
        """Return what a reader's program is made into a site from."""
        policy = reader.policy(reader.policy_in_force(day))
        return cls(
            reader=reader, policy=policy, day=day, audience=audience, seal=reader.last_seal()
        )

    def manifest(self) -> Manifest:
        """Return the site's manifest, its files left out."""
        reader, seal = self.reader, self.seal
        log = Log(
            name=name_of(reader),
            entries=reader.leaf_count() + reader.unsealed_count(),
            sealed=seal.size if seal else 0,
            root=seal.root.hex() if seal else None,
        )
        return Manifest(
            program=reader.program.code,
            audience=self.audience,
            languages=self.policy.publishing.languages,
            day=self.day,
            log=log,
        )

    def pieces(self) -> Iterator[Piece]:
        """Yield the files of the site."""
        yield "checkpoint.txt", self.seal.note if self.seal else _NEVER_SEALED


_NEVER_SEALED = b"The log of this program has not been sealed yet: there is no checkpoint.\n"
