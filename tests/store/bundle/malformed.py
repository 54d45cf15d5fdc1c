"""Bundles that no program of ours ever wrote: lines, checkpoints, keys and folders of any form.

Most have their sums put right, so that what is malformed is read and not only noticed.
"""

import json
import os
from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path
from random import Random

from store.bundle import layout
from tests.store.bundle.mutations import CHANGES, summed
from tests.store.bundle.town import Files

ODD = (
    "null",
    "true",
    "-1",
    "0",
    "1.0",
    "1e400",
    "NaN",
    "9" * 5000,
    '""',
    '"\\ud800"',
    '"\\u0000"',
    '"' + "x" * 70_000 + '"',
    "[]",
    "{}",
    '[{"entry":1}]',
    '{"key":1}',
    '{"sha256":[]}',
    "[" * 20_000 + "]" * 20_000,
    '"' + "0" * 64 + '"',
    '"../../../etc/passwd"',
    '"TOR-2026-001"',
)
"""JSON values that somebody could put in the place of another."""

GARBAGE = (
    b"",
    b"\n",
    b"\n\n",
    b"\x00",
    b"\xff\xfe",
    b"null\n",
    b"\n\n\xe2\x80\x94 x \n",
    "—".encode() + b" a b\n",
    b"a\n1\nAA==\n\n" + "— a AAAAAAAA\n".encode(),
    b"a\n-1\n" + b"A" * 43 + b"=\n\n" + "— a AAAAAAAAAA==\n".encode(),
    b"a\n" + b"9" * 5000 + b"\n" + b"A" * 43 + b"=\n\n" + "— a AAAAAAAAAA==\n".encode(),
    b"old 0\n\na\n1\nAA==\n\n",
    b"old 99999999999999999999\nAAAA\n\n",
    b"a+b+c",
    b"a+00000000+AQ==\n-----BEGIN PUBLIC KEY-----\n",
    b"+++\n",
    b"{" * 5000,
)
"""Files that are nothing."""


def malformed(chance: Random, files: Files) -> tuple[str, Files]:
    """Return a malformed bundle, and what of it is malformed."""
    kind = chance.choice(("line", "line", "line", "value", "value", "file", "cited", "cited"))
    changed = {
        "line": _line,
        "value": _value,
        "file": _file,
        "cited": _cited,
    }[kind](chance, dict(files))
    return kind, changed if chance.random() < 0.1 else summed(changed)


def strange_file(chance: Random, files: Files) -> bytes:
    """Return what somebody could bring as a key, a checkpoint or a proof."""
    paths = [
        layout.KEY,
        layout.CHECKPOINT,
        *(p for p in files if p.startswith(("proofs", "check"))),
    ]
    body = files[chance.choice(paths)]
    made = chance.choice(CHANGES)(chance, body)
    return chance.choice((made, chance.choice(GARBAGE), chance.randbytes(chance.randint(0, 200))))


def _file(chance: Random, files: Files) -> Files:
    """Let one of the files that are read be anything."""
    read = [p for p in files if not p.startswith(("texts", "policies", "def", "att", "README"))]
    files[chance.choice(read)] = strange_file(chance, files)
    return files


def _line(chance: Random, files: Files) -> Files:
    """Let a line be anything."""
    lines = files[layout.LOG].splitlines(keepends=True)
    body = chance.choice(ODD).encode() if chance.random() < 0.5 else strange_file(chance, files)
    lines[chance.randrange(len(lines))] = body + chance.choice((b"\n", b"\n", b"\r\n", b""))
    return {**files, layout.LOG: b"".join(lines)}


def _value(chance: Random, files: Files) -> Files:
    """Let one value of a line be of any kind, or be there twice, or not at all."""
    lines = files[layout.LOG].splitlines()
    at = chance.randrange(len(lines))
    said = json.loads(lines[at])
    key = chance.choice(sorted(said))
    told = [f"{json.dumps(k)}:{json.dumps(v)}" for k, v in sorted(said.items()) if k != key]
    how = chance.randrange(4)
    if how:
        told.append(f"{json.dumps(key)}:{chance.choice(ODD)}")
    if how == 1:
        told.append(f"{json.dumps(key)}:{json.dumps(said[key])}")
    lines[at] = ("{" + ",".join(sorted(told)) + "}").encode()
    return {**files, layout.LOG: b"".join(line + b"\n" for line in lines)}


def _cited(chance: Random, files: Files) -> Files:
    """Let what is read of the texts (keys, files, erasures) be anything, cited as it is."""
    lines = files[layout.LOG].splitlines()
    read = [n for n, line in enumerate(lines) if _is_read(json.loads(line)["event"])]
    at = chance.choice(read)
    said = json.loads(lines[at])
    files.pop(layout.text_at(said["content"]), None)
    body = chance.randbytes(chance.choice((0, 3, 16))) + chance.choice(ODD).encode()
    said["content"] = sha256(body).hexdigest()
    files[layout.text_at(said["content"])] = body
    text = json.dumps(said, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    lines[at] = text.encode()
    return {**files, layout.LOG: b"".join(line + b"\n" for line in lines)}


def _is_read(event: str) -> bool:
    return event in {"key_changed", "attached", "erased"}


def folders() -> Iterator[tuple[str, Callable[[Path], None]]]:
    """Yield what can be wrong with a folder beyond the bytes in it, and how it is brought about."""
    yield "a folder in the place of the log", lambda f: _instead(f / layout.LOG)
    yield "a folder in the place of the checkpoint", lambda f: _instead(f / layout.CHECKPOINT)
    yield "a folder in the place of the sums", lambda f: _instead(f / layout.SUMS)
    yield "a folder in the place of a text", lambda f: _instead(next((f / "texts").rglob("??/*")))
    yield "no proofs", lambda f: _gone(f / "proofs")
    yield "no texts", lambda f: _gone(f / "texts")
    yield "no checkpoints", lambda f: _gone(f / "checkpoints")
    yield "a link that leads nowhere", lambda f: (f / "nowhere").symlink_to(f / "nothing")
    yield "a name that is no text", lambda f: _touch(bytes(f) + b"/\xff\xfe")
    yield "a name with a line break", lambda f: _touch(bytes(f) + b"/texts/a\nb")
    yield "a hidden file", lambda f: _touch(bytes(f) + b"/.hidden")


def _instead(path: Path) -> None:
    path.unlink()
    path.mkdir()


def _gone(path: Path) -> None:
    for file in sorted(path.rglob("*"), reverse=True):
        if file.is_dir():
            file.rmdir()
        else:
            file.unlink()
    path.rmdir()


def _touch(path: bytes) -> None:
    Path(os.fsdecode(path)).touch()
