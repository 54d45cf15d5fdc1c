"""What `lifecycle log verify PATH` does: verifies a proof without a database."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cli.inputs import bytes_of
from cli.keys import checkpoint_in, public_key_in
from cli.output.answers import Answer, give, shape
from cli.output.streams import width
from cli.output.text import paragraphs
from cli.output.words import plural
from cli.settings import Reading, Settings
from lifecycle.entry import entry_of
from lifecycle.sealing.notes import note_of
from lifecycle.sealing.proofs import Consistency, Inclusion, proof_of
from states.problem import InvalidInputError, Problem
from store.sealing.keys import is_signature

if TYPE_CHECKING:
    from cli.runs.log_verify import Brought

FINDINGS = 1


def verify_file(settings: Settings, reading: Reading, file: Path, brought: "Brought") -> int:
    """Verify a proof; returns the exit code."""
    name, body = bytes_of(str(file))
    try:
        proof = proof_of(body)
    except ValueError as error:
        hint = "a proof is what lifecycle log prove -o FILE wrote"
        raise InvalidInputError([Problem("bad_proof", str(error), name, hint=hint)]) from error
    wrong = list(_wrong(proof, brought, name))
    said = proof.checkpoint
    text = _text(proof, wrong)
    value = {
        "ok": not wrong,
        "sealed": said.size,
        "root": said.root.hex(),
        "anchored": brought.key is not None,
        "line": proof.line.decode(errors="replace") if isinstance(proof, Inclusion) else None,
        "findings": [{"stream": name, "n": None, "code": code, "message": m} for code, m in wrong],
    }
    give(settings, reading, Answer(table=lambda: text, json=shape(value)))
    return FINDINGS if wrong else 0


def _wrong(
    proof: Inclusion | Consistency, brought: "Brought", name: str
) -> Iterator[tuple[str, str]]:
    kept = [checkpoint_in(file).signed.checkpoint for file in brought.checkpoints]
    if isinstance(proof, Inclusion):
        if not proof.holds:
            yield "proof.wrong", "the line is not in the tree that the checkpoint is of"
        for one in kept:
            said = proof.checkpoint
            if one.origin != said.origin:
                yield "checkpoint.foreign", f"what you kept is of another log: {one.origin}"
            elif one.size != said.size:
                message = (
                    f"the checkpoint that you kept covers {one.size} lines, and this one"
                    f" {said.size}: whether one grew into the other, lifecycle log prove --since"
                    " shows"
                )
                yield "checkpoint.not_held", message
            elif one.root != said.root:
                yield "root.differs", "the checkpoint that you kept has another root at this size"
    else:
        if not kept:
            message = f"which checkpoint {name} begins with is not said: --checkpoint FILE."
            raise click.UsageError(message)
        for one in kept:
            if not proof.holds(one):
                message = "it does not lead from the checkpoint that you kept to the newer one"
                yield "proof.wrong", message
    yield from _unsigned(proof, brought)


def _unsigned(proof: Inclusion | Consistency, brought: "Brought") -> Iterator[tuple[str, str]]:
    if brought.key is None:
        yield "key.missing", "not anchored: bring the key that you were given (--key FILE)"
        return
    key, note = public_key_in(brought.key), note_of(proof.note)
    signature = note.by(key)
    if signature is None or not is_signature(key, signature.signature, note.text):
        yield "signature.wrong", "its checkpoint is not signed by the key that you brought"


def _text(proof: Inclusion | Consistency, wrong: Sequence[tuple[str, str]]) -> str:
    said = proof.checkpoint
    if wrong:
        return "".join(f"{paragraphs(f'{code}: {text}', width())}\n" for code, text in wrong)
    covers = f"a checkpoint of {plural(said.size, 'line')} that your key signed"
    if isinstance(proof, Consistency):
        return f"The log only grew from {plural(proof.old, 'line')} to {covers}.\n"
    entry = entry_of(proof.line)
    who = entry.agreement or entry.program
    head = f"Entry {entry.n} of {who} is in the log: leaf {proof.index} of {covers}."
    return f"{paragraphs(head, width())}\n{proof.line.decode()}\n"
