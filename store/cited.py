"""What lines cite by digest, byte for byte as it lies there, for those who copy it elsewhere.

Nothing is checked on the way: what was altered goes along as it is, and whoever holds it against
the lines sees it.
"""

from store import statements as sql
from store.facts import Facts


class Cited(Facts):
    """The reading of raw bytes by digest; None where nothing is kept under it."""

    def document_bytes(self, key: int, digest: str) -> tuple[bytes, bytes] | None:
        """Return the salt and the body of one of an agreement's documents."""
        row = self._row(sql.BY_DIGEST, key=key, digest=digest)
        return (bytes(row[0]), row[1].encode()) if row else None

    def policy_bytes(self, digest: str) -> bytes | None:
        """Return a policy's file."""
        row = self._row(sql.POLICY, digest=digest)
        return row[0].encode() if row else None

    def definition_bytes(self, digest: str) -> bytes | None:
        """Return a transition table."""
        row = self._connection.row(sql.DEFINITION, digest=digest)
        return row[0].encode() if row else None

    def attachment_bytes(self, digest: str) -> bytes | None:
        """Return an attached file."""
        row = self._row(sql.ATTACHED, digest=digest)
        return bytes(row[0]) if row else None
