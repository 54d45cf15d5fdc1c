"""The attached files that are public, and where each lies on the public register.

A file is public while its last mark says so, and its bytes are there. It lies under a name by which
no server takes it for a page or a program: whatever the policy lets people attach, nothing of it
runs in the city's name.
"""

import re
import unicodedata
from collections.abc import Iterator

from lifecycle.dossiers import Dossier
from lifecycle.publishing.public_agreement import PublicFile

_UNSAFE = re.compile(r"[^A-Za-z0-9_-]+")
_LONGEST = 80
_DEVICES = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)\.", re.IGNORECASE)
_TEXT = "txt"

_PASSIVE = frozenset({
    "pdf", "doc", "docx", "odt", "rtf", "txt", "eml", "xls", "xlsx", "ods", "csv", "ppt", "pptx",
    "odp", "jpg", "jpeg", "png", "gif", "webp", "tif", "tiff", "mp3", "mp4", "zip",
})  # fmt: skip
"""The endings of which no browser runs anything in the name of the site that a file lies on."""


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
    """Return a file's name as every file system and address takes it: ASCII, and not too long.

    One dot is left, since servers go by any ending that a name has in it. What is not passive is
    text: `plan.html` lies as `plan-html.txt`, and is shown as it was written.
    """
    stem, _dot, ending = name.rpartition(".")
    ending = ending.lower()
    if ending not in _PASSIVE:
        stem, ending = name, _TEXT
    kept = f"{_plain(stem)[:_LONGEST].strip('-') or 'file'}.{ending}"
    return f"file-{kept}" if _DEVICES.match(kept) else kept


def _plain(text: str) -> str:
    ascii_only = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return _UNSAFE.sub("-", ascii_only).strip("-")
