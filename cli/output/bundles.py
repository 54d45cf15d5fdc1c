"""Exported bundles, as people read them and as JSON."""

from cli.output.sealing import local
from cli.output.shapes import Shape
from cli.output.streams import style, width
from cli.output.text import one_line, paragraphs
from cli.output.words import plural
from store.bundle.writing import Bundle


def bundle_shape(made: Bundle, *, dry_run: bool) -> Shape:
    """Return what a bundle holds."""
    return {
        "folder": made.folder,
        "sealed": made.lines,
        "root": made.root,
        "sealed_at": made.sealed_at,
        "unsealed": made.unsealed,
        "checkpoints": made.checkpoints,
        "files": made.files,
        "dry_run": dry_run,
    }


def bundle_text(made: Bundle, zone: str, *, dry_run: bool) -> str:
    """Return what a bundle holds as people read it, and what to do next."""
    note = style("Dry run: this is what would be; nothing was written.", fg="cyan")
    head = f"{note}\n" if dry_run else f"Wrote {one_line(made.folder)}.\n"
    held = (
        f"It {'would hold' if dry_run else 'holds'} the {plural(made.lines, 'line')} that the"
        f" checkpoint of {local(made.sealed_at, zone)} covers, with all that they cite; reasons,"
        " documents and contacts are among it."
    )
    late = (
        f"{plural(made.unsealed, 'line')} came after that checkpoint and"
        f" {'is' if made.unsealed == 1 else 'are'} not in it: lifecycle log seal comes first."
    )
    then = (
        "Whoever verifies it needs the log's public key from elsewhere (lifecycle log key export -o"
        " KEY.pub), and then only Python and openssl: python3 verify.py --key KEY.pub"
        f" {one_line(made.folder)}"
    )
    parts = [held, *([late] if made.unsealed else []), *([] if dry_run else [then])]
    return head + "".join(f"{paragraphs(part, width())}\n" for part in parts)
