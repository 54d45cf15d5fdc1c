"""Random changes to a bundle, by chance and by somebody who knows its form and covers the traces.

Each returns the bundle's files as they are then. Who covers traces puts SHA256SUMS right, gives a
file the name that its new content asks for, computes chains, roots and proofs anew, and signs them
with a key of their own.
"""

import json
from collections.abc import Callable
from hashlib import sha256
from random import Random
from typing import Any

from lifecycle.sealing.keys import PublicKey
from lifecycle.sealing.merkle import Frontier, consistency, leaf_hash, root_of
from lifecycle.sealing.notes import Checkpoint, checkpoint_of, note_of
from lifecycle.sealing.proofs import Consistency
from lifecycle.sealing.seal import signed
from store.bundle import layout
from store.sealing.keys import FileKey
from tests.store.bundle.town import Files

Change = Callable[[Random, bytes], bytes]


def flip(chance: Random, body: bytes) -> bytes:
    """Flip one bit."""
    at = chance.randrange(len(body))
    return body[:at] + bytes([body[at] ^ 1 << chance.randrange(8)]) + body[at + 1 :]


def cut(chance: Random, body: bytes) -> bytes:
    """Take some bytes out."""
    first, last = sorted(chance.choices(range(len(body) + 1), k=2))
    return body[:first] + body[last:]


def truncate(chance: Random, body: bytes) -> bytes:
    """Cut the end off."""
    return body[: chance.randrange(len(body))]


def insert(chance: Random, body: bytes) -> bytes:
    """Put some bytes in."""
    at = chance.randrange(len(body) + 1)
    return body[:at] + chance.randbytes(chance.randint(1, 40)) + body[at:]


def duplicate(chance: Random, body: bytes) -> bytes:
    """Say something twice."""
    first, last = sorted(chance.choices(range(len(body) + 1), k=2))
    return body[:last] + body[first:last] + body[last:]


def swap(chance: Random, body: bytes) -> bytes:
    """Let two pieces change places."""
    a, b, c = sorted(chance.choices(range(len(body) + 1), k=3))
    return body[:a] + body[b:c] + body[a:b] + body[c:]


def edit(chance: Random, body: bytes) -> bytes:
    """Write another letter or digit in the place of one."""
    at = chance.randrange(len(body))
    return body[:at] + bytes([chance.choice(b"0123456789abcdefXYZ+/= \n")]) + body[at + 1 :]


def lines_swapped(chance: Random, body: bytes) -> bytes:
    """Let two lines change places."""
    lines = body.splitlines(keepends=True)
    one, other = chance.randrange(len(lines)), chance.randrange(len(lines))
    lines[one], lines[other] = lines[other], lines[one]
    return b"".join(lines)


def line_gone(chance: Random, body: bytes) -> bytes:
    """Take a line out."""
    lines = body.splitlines(keepends=True)
    del lines[chance.randrange(len(lines))]
    return b"".join(lines)


def line_twice(chance: Random, body: bytes) -> bytes:
    """Put a line in once more."""
    lines = body.splitlines(keepends=True)
    lines.insert(chance.randrange(len(lines)), chance.choice(lines))
    return b"".join(lines)


CHANGES: tuple[Change, ...] = (
    flip,
    cut,
    truncate,
    insert,
    duplicate,
    swap,
    edit,
    lines_swapped,
    line_gone,
    line_twice,
)


def one_file(chance: Random, files: Files) -> Files:
    """Change one file, and cover that half of the time."""
    path = chance.choice(sorted(files))
    body = chance.choice(CHANGES)(chance, files[path]) if files[path] else chance.randbytes(3)
    changed = {**files, path: body}
    if chance.random() < 0.5:
        return changed
    named = layout.named_digest(path)
    if named and chance.random() < 0.5:
        changed[path.replace(named, _hex(body)).replace(named[:2], _hex(body)[:2])] = changed.pop(
            path
        )
    return summed(changed)


def a_file_gone(chance: Random, files: Files) -> Files:
    """Take a file away, and cover that half of the time."""
    path = chance.choice(sorted(files))
    return _perhaps_summed(chance, {name: files[name] for name in files if name != path})


def a_file_more(chance: Random, files: Files) -> Files:
    """Put a file in, under a name of those that there are, or of its own."""
    body = chance.randbytes(chance.randint(0, 60))
    paths = (
        layout.text_at(_hex(body)),
        layout.policy_at(_hex(body)),
        layout.definition_at(_hex(body)),
        layout.attachment_at(_hex(body)),
        f"checkpoints/{chance.randint(0, 40)}",
        f"proofs/{chance.randint(0, 40)}.consistency",
        "notes.txt",
        f"texts/{_hex(body)}",
    )
    return _perhaps_summed(chance, {**files, chance.choice(paths): body})


def two_files_swapped(chance: Random, files: Files) -> Files:
    """Let two files change their contents, and cover that half of the time."""
    one, other = chance.sample(sorted(files), 2)
    return _perhaps_summed(chance, {**files, one: files[other], other: files[one]})


def a_file_renamed(chance: Random, files: Files) -> Files:
    """Give a file another file's kind of name, and cover that half of the time."""
    path = chance.choice([name for name in sorted(files) if layout.named_digest(name)])
    digest = str(layout.named_digest(path))
    places = (layout.text_at, layout.policy_at, layout.definition_at, layout.attachment_at)
    moved = {name: files[name] for name in files if name != path}
    return _perhaps_summed(chance, {**moved, chance.choice(places)(digest): files[path]})


Signers = Callable[[int, PublicKey | None], tuple[FileKey, ...]]
"""Who signs a checkpoint of a size, which may hand over to a key."""


def lied(chance: Random, files: Files, keys: tuple[FileKey, ...]) -> tuple[int, Files]:
    """Let a line lie, and sign all with the log's own keys; return which line, and the bundle."""
    entries = [json.loads(line) for line in files[layout.LOG].splitlines()]
    at = chance.randrange(1, len(entries))
    _lie(chance, entries[at], chance.choice("0134"))
    lines, known = _chained(entries), {key.public.vkey: key for key in keys}
    named = [
        (leaf, known[json.loads(files[layout.text_at(entry["content"])][16:])["key"]])
        for leaf, entry in enumerate(entries)
        if entry["event"] == "key_changed"
    ]

    def signers(size: int, following: PublicKey | None) -> tuple[FileKey, ...]:
        counting = [key for leaf, key in named if leaf < size]
        return tuple(counting[-2:] if following else counting[-1:])

    return at, resealed(files, lines, signers)


def rewritten(
    chance: Random, files: Files, key: FileKey, *, own: bool = False, what: int | None = None
) -> Files:
    """Rewrite history and sign it with a key: `own` names it on the log, too.

    `what` is 0 for a lie, 1 for a line left out, 2 for an end cut off, 3 for nothing.
    """
    lines = files[layout.LOG].splitlines()
    entries = [json.loads(line) for line in lines]
    changed, rest = dict(files), list(range(len(entries)))
    match chance.randrange(3) if what is None else what:
        case 0:
            _lie(chance, entries[chance.choice(rest)], chance.choice("01234"))
        case 1:
            # Everything after it moves up: the stream's numbers, too.
            gone = entries.pop(chance.choice(rest))
            later = (
                e for e in entries if e["agreement"] == gone["agreement"] and e["n"] > gone["n"]
            )
            for entry in later:
                entry["n"] -= 1
        case 2:
            del entries[chance.choice(rest[1:]) :]
        case _:
            pass
    if own:
        _name(changed, entries, key.public)
    return resealed(changed, _chained(entries), lambda _size, _next: (key,))


def resealed(files: Files, lines: list[bytes], signers: Signers) -> Files:
    """Return a bundle of other lines: checkpoints, proofs and sums are computed and signed anew."""
    changed = {p: b for p, b in files.items() if not p.startswith(("checkpoints/", "proofs/"))}
    said = json.loads(lines[0])
    origin = f"lifecycle/{said['program']}/{_hex(lines[0])[:16]}"
    leaves = [leaf_hash(line) for line in lines]
    sizes = [int(p.partition("/")[2]) for p in files if p.startswith("checkpoints/")]
    for size in (one for one in sizes if one < len(lines)):
        old = checkpoint_of(note_of(files[f"checkpoints/{size}"]).text)
        text = Checkpoint(origin, size, root_of(leaves[:size]), old.sealed_at, old.next_key).text
        changed[f"checkpoints/{size}"] = signed(text, signers(size, old.next_key)).body
    newest = checkpoint_of(note_of(files[layout.CHECKPOINT]).text)
    text = Checkpoint(origin, len(lines), root_of(leaves), newest.sealed_at).text
    changed[layout.CHECKPOINT] = note = signed(text, signers(len(lines), None)).body
    for size in (one for one in sizes if one < len(lines)):
        hashes = consistency(size, len(lines), lambda at, index: _node(leaves, at, index))
        changed[f"proofs/{size}.consistency"] = Consistency(size, tuple(hashes), note).file
    changed[layout.LOG] = b"".join(line + b"\n" for line in lines)
    return summed(changed)


def summed(files: Files) -> Files:
    """Return a bundle with SHA256SUMS put right."""
    rest = {path: body for path, body in files.items() if path != layout.SUMS}
    sums = "".join(f"{_hex(rest[path])}  {path}\n" for path in sorted(rest))
    return {**rest, layout.SUMS: sums.encode()}


def _perhaps_summed(chance: Random, files: Files) -> Files:
    return summed(files) if chance.random() < 0.5 else files


def _lie(chance: Random, entry: dict[str, Any], what: str) -> None:
    """Let a line say something else."""
    match what:
        case "0":
            entry["actor"] = {"how": "os", "id": f"mallory-{chance.randrange(9)}"}
        case "1":
            entry["effective_on"] = "2020-01-01"
        case "2":
            entry["reason"] = None if entry["reason"] else sha256(b"none").hexdigest()
        case "3":
            entry["outcome"] = "ok" if entry["outcome"] == "refused" else "refused"
        case _:
            entry["recorded_at"] = "2026-01-01T00:00:00.000000Z"


def _chained(entries: list[dict[str, Any]]) -> list[bytes]:
    """Return lines that cite each other as those of a log do."""
    heads: dict[str | None, str] = {}
    lines = []
    for entry in entries:
        entry["prev"] = heads.get(entry["agreement"])
        text = json.dumps(entry, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        lines.append(text.encode())
        heads[entry["agreement"]] = _hex(lines[-1])
    return lines


def _name(files: Files, entries: list[dict[str, Any]], key: PublicKey) -> None:
    """Let every line that names a key name this one."""
    for entry in (one for one in entries if one["event"] == "key_changed"):
        before = layout.text_at(entry["content"])
        body = files.pop(before, b"")
        told = json.loads(body[16:]) if body else {}
        text = body[:16] + json.dumps({**told, "key": key.vkey}).encode()
        entry["content"] = _hex(text)
        files[layout.text_at(_hex(text))] = text
    files[layout.KEY] = key.file.encode()


def _node(leaves: list[bytes], level: int, index: int) -> bytes:
    frontier = Frontier()
    for leaf in leaves[index << level : (index + 1) << level]:
        frontier.append(leaf)
    return frontier.root


def _hex(body: bytes) -> str:
    return sha256(body).hexdigest()
