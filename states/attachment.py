"""A file that was attached to an agreement, as it stands beside its line; the bytes lie apart."""

import msgspec

ATTACHMENT_KINDS = ("signed", "resolution", "endorsement", "evidence", "letter")
"""What an attached file is: the signed paper, a body's resolution, or what supports the record."""


class Attachment(msgspec.Struct, frozen=True):
    """One attached file by its SHA-256 (lower-case hex); `size` is in bytes.

    Only what is marked `public` may ever be published.
    """

    name: str
    kind: str
    sha256: str
    size: int
    public: bool = False
