"""The attached files that are public, and where each lies on the public register.

A file is public while its last mark says so, and its bytes are there.
"""

import re
import unicodedata
from collections.abc import Iterator

from lifecycle.dossiers import Dossier
from lifecycle.publishing.public_agreement import PublicFile

_UNSAFE = re.compile(r"[^A-Za-z0-9._-]+")
_LONGEST = 80
_DEVICES = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\.|$)", re.IGNORECASE)


def files_of(dossier: Dossier) -> Iterator[PublicFile]:
    """Yield an agreement's public files in the order in which they were first attached."""
    marked = {paper.sha256: paper for _n, paper in dossier.attachments}
    for paper in marked.values():
        if paper.public:
            yield PublicFile(
                name=paper.name,
                kind=paper.kind,
                size=paper.size,
                sha256=paper.sha256,
                path=f"files/{paper.sha256}/{safe_name(paper.name)}",
            )


def safe_name(name: str) -> str:
    """Return a file's name as every file system and address takes it: ASCII, and not too long."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    safe = _UNSAFE.sub("-", plain).strip(".-")
    stem, dot, ending = safe.rpartition(".")
    kept = f"{stem[: _LONGEST - len(ending)]}{dot}{ending}" if stem else safe
    return f"file-{kept}" if not kept or _DEVICES.match(kept) else kept
