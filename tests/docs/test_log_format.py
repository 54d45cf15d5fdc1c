"""docs/log-format.md: its values, its commands and its keys are those of the program."""

import re
import shutil
import subprocess
from dataclasses import dataclass

import msgspec
import pytest

from lifecycle.entry import Entry
from lifecycle.sealing.notes import checkpoint_of, note_of
from lifecycle.sealing.seal import signed
from store.bundle import layout
from tests.builders import ROOT
from tests.lifecycle.sealing.keys import key
from tests.store.bundle.outside import verify
from tests.store.bundle.town import files_in
from tests.store.bundle.vectors import BUNDLE, GIVEN, KEPT, PAGE, page, refreshed

TEXT = PAGE.read_text(encoding="utf-8")
FILES = files_in(BUNDLE)
MADE_ANEW = "python -m tests.store.bundle.vectors makes page and bundle anew"


@dataclass(frozen=True, slots=True)
class Block:
    """A block of commands, and which of them it is on the page."""

    number: int
    commands: str

    def run(self) -> list[str]:
        """Run it as printed, in the bundle's folder; return the lines that it prints."""
        done = subprocess.run(
            ["/bin/sh", "-eu"],
            input=self.commands,
            capture_output=True,
            text=True,
            cwd=BUNDLE,
            check=False,
        )
        assert (done.returncode, done.stderr) == (0, ""), self.commands
        return done.stdout.splitlines()


def blocks(heading: str) -> list[Block]:
    """Return the commands below a heading."""
    below = TEXT.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    found = re.findall(r"^```sh\n(.*?)^```$", below, re.MULTILINE | re.DOTALL)
    return [Block(number, commands) for number, commands in enumerate(found)]


def test_values_on_the_page_are_what_the_program_makes_of_the_bundle() -> None:
    """Leaves, roots, proofs and checkpoints, computed from the lines."""
    assert page(TEXT, FILES) == TEXT, MADE_ANEW


def test_bundle_of_the_page_is_of_this_release_and_verified() -> None:
    """Its verifier is the one that is copied into every bundle now."""
    assert refreshed(FILES) == FILES, MADE_ANEW
    code, told = verify("--key", GIVEN, "--checkpoint", KEPT, BUNDLE)
    assert (code, told) == (0, "5 lines, 3 checkpoints, 0 texts erased\n")


def test_checkpoints_of_the_page_are_what_their_key_signs() -> None:
    """Ed25519 signs the same text alike each time."""
    for body in (FILES[layout.CHECKPOINT], KEPT.read_bytes()):
        note = note_of(body)
        signer = key(1, checkpoint_of(note.text).origin)
        assert signed(note.text, (signer,)).body == body
        assert signer.public.file == GIVEN.read_text()


def test_program_without_our_code_is_run_as_printed() -> None:
    """verify.py, with key and older checkpoint from elsewhere."""
    [block] = blocks("Verifying with nothing of ours but 150 lines")
    line = ["/bin/sh", "-eu", "-c", block.commands]
    done = subprocess.run(line, capture_output=True, text=True, cwd=ROOT, check=False)
    assert (done.returncode, done.stdout) == (0, "5 lines, 3 checkpoints, 0 texts erased\n")


def test_check_by_hand_comes_out_as_the_page_says() -> None:
    """With sha256sum, openssl and a shell, command by command."""
    files, root, signature, chain, _jq = blocks("Verifying by hand")
    assert files.run() == []
    computed, said = root.run()
    assert computed == said == checkpoint_of(note_of(FILES[layout.CHECKPOINT]).text).root.hex()
    assert signature.run() == ["Signature Verified Successfully"]
    first, cited = chain.run()
    assert first == cited != ""


@pytest.mark.skipif(not shutil.which("jq"), reason="jq is not on this machine")
def test_check_with_jq_comes_out_as_the_page_says() -> None:
    """Canonical lines, numbers without a gap, and texts that are there."""
    assert blocks("Verifying by hand")[-1].run() == ["true"]


def test_page_knows_every_key_of_a_line() -> None:
    """And no other."""
    rows = TEXT.partition("| key | value |\n")[2].partition("\n\n")[0].splitlines()[1:]
    named = {word for row in rows for word in re.findall(r"`(\w+)`", row.split("|")[1])}
    assert named == {field.encode_name for field in msgspec.structs.fields(Entry)}


def test_verifier_is_short_enough_to_be_read() -> None:
    """At most 150 lines, of which the first ones say what it is."""
    assert len(layout.verifier().splitlines()) <= 150
    assert layout.readme().startswith(b"A sealed copy of a transition log")
