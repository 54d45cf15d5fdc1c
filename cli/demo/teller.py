"""Tells the story: runs its commands through the program's own front door and prints as it goes.

Each command is handed to `cli.main` as words, as a shell would hand it, with its output caught. A
command that ends otherwise than the story says stops it.
"""

import io
import os
import re
import shlex
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path
from typing import Any

from cli.database import VARIABLE
from cli.demo.story import CHAPTERS, GO_ON, PREFACE, REGISTER, Step
from cli.output.streams import out, style, talk, width
from cli.output.text import paragraphs
from lifecycle.errors import StoreError

_MARGIN = "    "
_READABLE, _WIDEST = 80, 100
_INTERRUPTED = 130
_PAPERS = (".toml", ".csv", ".pub", "audit")


@dataclass(frozen=True, slots=True)
class Told:
    """One command that was run: as it is shown, its exit code and its answer."""

    command: str
    code: int
    answer: str


@dataclass(slots=True)
class Teller:
    """Tells the story on one sandbox, whose register is published into a folder beside it.

    `folder` has the papers, `quiet` prints nothing of it.
    """

    database: Path
    register: Path
    folder: Path
    quiet: bool = False
    room: int = field(default_factory=lambda: min(width(), _WIDEST))
    told: list[Told] = field(default_factory=list)

    def tell(self) -> None:
        """Run the whole story; raises StoreError where it does not go as it is written."""
        lay_out(self.folder)
        for paragraph in PREFACE:
            self._say(f"{' '.join(paragraph.split())}\n")
        self._say_command(f"export {VARIABLE}={shlex.quote(str(self.database))}")
        with _environment(self.database, self.room - len(_MARGIN)):
            for chapter in CHAPTERS:
                self._head(chapter.heading)
                self._say(f"{chapter.text}\n")
                for step in chapter.steps:
                    self._run(step)
        self._farewell()

    def _run(self, step: Step) -> None:
        typed = f"{step.line} --today {step.day} --as {step.actor}"
        self._say_command(typed)
        told = Told(typed, *_ended(self._words(typed)))
        self.told.append(told)
        if told.code == _INTERRUPTED:
            raise KeyboardInterrupt
        if told.code != step.ends:
            talk(told.answer)
            message = f"the demo came to a halt at: {step.line}"
            hint = "what it answered stands above; for another place: lifecycle demo DIR"
            raise StoreError(message, "demo", hint)
        self._answer(told.answer, step.lines)

    def _words(self, typed: str) -> list[str]:
        """Return the words of a command, papers and register with the folder that they lie in."""
        words = shlex.split(typed)[1:]
        places = {word: str(self.folder / word) for word in words if word.endswith(_PAPERS)}
        places[REGISTER] = str(self.register)
        return [places.get(word, word) for word in words]

    def _answer(self, answer: str, most: int) -> None:
        lines = answer.rstrip("\n").split("\n")
        shown = lines if len(lines) <= most + 1 else lines[:most]
        text = "".join(f"{_MARGIN}{line}".rstrip() + "\n" for line in shown)
        rest = len(lines) - len(shown)
        if rest:
            text += style(f"{_MARGIN}... ({rest} more lines)\n", dim=True)
        self._print(f"{text}\n")

    def _farewell(self) -> None:
        self._head("Go on from here")
        self._say(
            "The sandbox stays. Nine agreements and the memorandum still wait for a decision; "
            "without --today, it is today's date there. For example:\n"
        )
        place = f"export {VARIABLE}={shlex.quote(str(self.database))}"
        for line in (place, *GO_ON):
            self._say_command(line)
        self._say(
            "\nThe README's tutorial leads to an agreement of your own. To be rid of the sandbox, "
            f"remove the file and the folder {REGISTER}."
        )

    def _head(self, heading: str) -> None:
        self._print(f"\n{style(heading, bold=True)}\n{'-' * len(heading)}\n")

    def _say(self, text: str) -> None:
        self._print(f"{paragraphs(text, min(self.room, _READABLE))}\n")

    def _say_command(self, line: str) -> None:
        text = f" \\\n{_MARGIN}    ".join(_broken(line, self.room - 2 * len(_MARGIN)))
        self._print(f"{_MARGIN}{style(f'$ {text}', bold=True)}\n")

    def _print(self, text: str) -> None:
        if not self.quiet:
            out(text)


def lay_out(folder: Path) -> None:
    """Put the papers that the story's commands name into a folder."""
    papers = files("cli") / "demo" / "papers"
    for paper in (*papers.iterdir(), files("store") / "samples" / "toronto.csv"):
        (folder / paper.name).write_bytes(paper.read_bytes())


def _broken(line: str, room: int) -> list[str]:
    """Return a command in lines that fit, broken before options, so that each keeps its value."""
    parts = re.split(r" (?=-)", line)
    lines = [parts[0]]
    for part in parts[1:]:
        if len(lines[-1]) + len(part) < room:
            lines[-1] += f" {part}"
        else:
            lines.append(part)
    return lines


def _ended(words: list[str]) -> tuple[int, str]:
    """Run a command line in this process; returns its exit code and what it wrote."""
    from cli.main import main

    said, talked = io.StringIO(), io.StringIO()
    code: Any = 0
    with redirect_stdout(said), redirect_stderr(talked):
        try:
            main.main(words)
        except SystemExit as ended:
            code = ended.code
    answer = said.getvalue()
    return int(code or 0), answer or talked.getvalue()


@contextmanager
def _environment(database: Path, columns: int) -> Iterator[None]:
    """Let commands find the sandbox and nothing else, and leave room for the margin."""
    names = (VARIABLE, "COLUMNS")
    before = {name: os.environ.get(name) for name in names}
    os.environ |= {VARIABLE: str(database), "COLUMNS": str(columns)}
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
