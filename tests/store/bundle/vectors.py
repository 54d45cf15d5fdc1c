"""Makes docs/vectors, a tiny bundle, and the values that docs/log-format.md prints of it.

`python -m tests.store.bundle.vectors` puts the page's values right and gives the bundle this
release's verify.py; with `--new` it makes another bundle, whose salts and instants differ. Its key
signs nothing else: its private half is in `tests.lifecycle.sealing.keys`.
"""

import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from lifecycle.sealing.merkle import consistency, inclusion, leaf_hash, root_of
from lifecycle.sealing.notes import checkpoint_of, note_of
from lifecycle.sealing.proofs import Inclusion
from lifecycle.sealing.rekeying import change_key, name_of
from lifecycle.sealing.seal import seal
from states.vocabulary import Trigger
from store.bundle import layout
from store.bundle.writing import write_bundle
from tests.builders import ROOT
from tests.hands import ADMIN
from tests.lifecycle.sealing.keys import key
from tests.store.bundle.mutations import summed
from tests.store.bundle.town import Files, files_in, stage

FOLDER = ROOT / "docs" / "vectors"
BUNDLE, GIVEN, KEPT = FOLDER / "bundle", FOLDER / "given.pub", FOLDER / "kept.checkpoint"
PAGE = ROOT / "docs" / "log-format.md"
BEGIN = "<!-- made by `python -m tests.store.bundle.vectors` of docs/vectors -->"
END = "<!-- end of what was made -->"
SHOWN = 1
"""The leaf whose inclusion is proven on the page."""


def made() -> Files:
    """Return a new bundle of five lines, sealed in two months."""
    with stage() as at, TemporaryDirectory() as folder:
        with at.store.unit() as unit:
            signer = key(1, name_of(unit))
        at.do(
            lambda u, o: change_key(u, o, signer), actor=ADMIN, reason="So that it can be sealed."
        )
        seal(at.store, signer, lambda: at.order().now)
        at.on(at.day + timedelta(days=30))
        ref = at.propose(reason="Council asked for it: trade, caf\u00e9s \u2026")
        at.attach(ref, body=b"Resolved.")
        at.advance(ref, Trigger.WITHDRAW, ground="needs_changed", reason="No longer wanted.")
        seal(at.store, signer, lambda: at.order().now)
        with at.store.reading() as reader:
            write_bundle(reader, f"{folder}/copy")
        return files_in(Path(folder) / "copy")


def refreshed(files: Files) -> Files:
    """Return a bundle with this release's verifier."""
    ours = {layout.VERIFIER: layout.verifier(), layout.README: layout.readme()}
    return summed({**files, **ours})


def page(text: str, files: Files) -> str:
    """Return the page with the values of a bundle between its two marks."""
    before, _begin, rest = text.partition(BEGIN)
    after = rest.partition(END)[2]
    return f"{before}{BEGIN}\n\n{''.join(_values(files))}\n{END}{after}"


def _values(files: Files) -> Iterator[str]:
    lines = files[layout.LOG].splitlines()
    leaves = [leaf_hash(line) for line in lines]
    yield _block("The first line, as it is hashed (no newline):", lines[0].decode())
    hashes = "".join(f"leaf {n}  {leaf.hex()}\n" for n, leaf in enumerate(leaves))
    yield _block("The leaf hash of each line:", hashes)
    roots = (f"size {n}  {root_of(leaves[:n]).hex()}\n" for n in range(len(leaves) + 1))
    yield _block("The root over the first lines:", "".join(roots))
    yield _block("The key (`given.pub`):", GIVEN.read_text())
    note = files[layout.CHECKPOINT]
    yield _block("The newest checkpoint:", note.decode())
    [signature] = note_of(note).signatures
    text = f"key id    {signature.key_id.hex()}\nsignature {signature.signature.hex()}\n"
    yield _block("What its signature line holds, in hex:", text)

    def nodes(level: int, index: int) -> bytes:
        return root_of(leaves[index << level : (index + 1) << level])

    steps = inclusion(SHOWN, len(leaves), nodes)
    proof = Inclusion(lines[SHOWN], SHOWN, tuple(steps), note)
    text = "".join(f"{one.hex()}\n" for one in steps)
    yield _block(f"The inclusion proof of leaf {SHOWN} in the tree of {len(leaves)}, in hex:", text)
    yield _block("The same as a file (`lifecycle log prove`):", proof.file.decode())
    old = checkpoint_of(note_of(KEPT.read_bytes()).text).size
    text = "".join(f"{one.hex()}\n" for one in consistency(old, len(leaves), nodes))
    yield _block(
        f"The consistency proof of the tree of {old} in that of {len(leaves)}, in hex:", text
    )
    path = f"proofs/{old}.consistency"
    yield _block(f"The same as a file (`{path}`):", files[path].decode())


def _block(title: str, text: str) -> str:
    return f"{title}\n\n```text\n{text.rstrip()}\n```\n\n"


def main(words: list[str]) -> None:
    """Write the bundle and the page."""
    files = refreshed(made() if "--new" in words else files_in(BUNDLE))
    for path, body in files.items():
        (BUNDLE / path).parent.mkdir(parents=True, exist_ok=True)
        (BUNDLE / path).write_bytes(body)
    GIVEN.write_bytes(files[layout.KEY])
    [old] = [path for path in files if path.startswith("checkpoints/")]
    KEPT.write_bytes(files[old])
    PAGE.write_text(page(PAGE.read_text(), files))


if __name__ == "__main__":
    main(sys.argv[1:])
