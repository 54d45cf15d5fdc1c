"""What a bundle consists of: names, sums and the two files that are the same in each.

A file's name says what is in it. What lines cite lies under its SHA-256, so that `sha256sum` alone
shows that it is what was cited.
"""

import ast
import os
import re
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from pathlib import Path

LOG, CHECKPOINT, KEY, SUMS = "log.jsonl", "checkpoint", "key.pub", "SHA256SUMS"
README, VERIFIER = "README.txt", "verify.py"

_DIGEST = "[0-9a-f]{64}"
_NAMES = re.compile(
    rf"log\.jsonl|checkpoint|key\.pub|SHA256SUMS|README\.txt|verify\.py|checkpoints/[0-9]+"
    rf"|proofs/[0-9]+\.consistency|policies/({_DIGEST})\.toml|definitions/({_DIGEST})\.json"
    rf"|attachments/({_DIGEST})|texts/(..)/(\4[0-9a-f]{{62}})"
)


def text_at(digest: str) -> str:
    """Return where a text lies: 16 bytes of salt and the text, by the SHA-256 of both."""
    return f"texts/{digest[:2]}/{digest}"


def policy_at(digest: str) -> str:
    """Return where a policy lies."""
    return f"policies/{digest}.toml"


def definition_at(digest: str) -> str:
    """Return where a transition table lies."""
    return f"definitions/{digest}.json"


def attachment_at(digest: str) -> str:
    """Return where an attached file lies."""
    return f"attachments/{digest}"


def belongs(path: str) -> bool:
    """Whether a bundle has files of this name."""
    return _NAMES.fullmatch(path) is not None


def named_digest(path: str) -> str | None:
    """Return the SHA-256 that a file's name says it has; None where it says none."""
    known = _NAMES.fullmatch(path)
    return known[known.lastindex] if known and known.lastindex else None


def walk(folder: Path, below: str = "") -> Iterator[str]:
    """Yield every file's path within a folder, in order; links are files here, wherever they lead.

    Raises OSError for a folder that can't be read.
    """
    with os.scandir(folder / below) as found:
        entries = sorted(found, key=lambda one: one.name)
    for entry in entries:
        if entry.is_dir(follow_symlinks=False):
            yield from walk(folder, f"{below}{entry.name}/")
        else:
            yield below + entry.name


@cache
def verifier() -> bytes:
    """Return the program that is copied into each bundle."""
    return files("store.bundle").joinpath(VERIFIER).read_bytes()


@cache
def readme() -> bytes:
    """Return the file that says what a bundle is: what its verifier says of itself."""
    return (ast.get_docstring(ast.parse(verifier()), clean=False) or "").encode()
