"""README.md: its tutorial works as it is printed, and its links lead somewhere."""

import os
import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests import door
from tests.builders import ROOT

PAGES = (
    *("README.md", "CONTRIBUTING.md", "CHANGELOG.md"),
    *(str(page.relative_to(ROOT)) for page in sorted((ROOT / "docs").rglob("*.md"))),
)
README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCK = re.compile(
    r"(?:<!-- ends with (?P<code>\d) -->\n)?```console\n(?P<typed>.*?)```\n"
    r"(?:```text\n(?P<shown>.*?)```\n)?",
    re.DOTALL,
)
LINK = re.compile(r"\]\((?!https?:)([^)#]+)")


@dataclass(frozen=True, slots=True)
class Block:
    """One block of the tutorial: what is typed, what it shows, which exit code is told."""

    typed: str
    shown: str
    code: int


@dataclass(frozen=True, slots=True)
class Answer:
    """What a block came to."""

    out: str
    code: int


def blocks() -> Iterator[Block]:
    """Yield the tutorial's blocks in their order."""
    for found in BLOCK.finditer(README):
        yield Block(found["typed"], found["shown"] or "", int(found["code"] or 0))


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Return an empty home, with the program on the path of who lives there."""
    home = tmp_path_factory.mktemp("home")
    program = home / "bin" / "lifecycle"
    program.parent.mkdir()
    with door.command(program):
        yield home


@pytest.fixture(scope="module")
def answers(home: Path) -> list[Answer]:
    """Return what every block comes to, typed into one shell, one after the other.

    A block's code is that of its last command that failed, or 0.
    """
    mark = "=== ended with"
    begun = "failed=0; trap 'failed=$?' ERR\n"
    script = begun + "".join(f"{b.typed}echo '{mark}' $failed; failed=0\n" for b in blocks())
    done = subprocess.run(
        ["/bin/bash"],
        input=script,
        capture_output=True,
        text=True,
        check=False,
        cwd=home,
        env={
            "HOME": str(home),
            "PATH": f"{home / 'bin'}{os.pathsep}/usr/bin{os.pathsep}/bin",
            "LANG": "C.UTF-8",
        },
    )
    parts = re.split(rf"^{mark} (\d+)\n", done.stdout, flags=re.MULTILINE)
    return [Answer(out, int(code)) for out, code in zip(parts[::2], parts[1::2], strict=False)]


def test_there_is_a_tutorial() -> None:
    """A change of its form is no way to pass the tests below."""
    assert len(list(blocks())) >= 8


@pytest.mark.parametrize(("place", "block"), list(enumerate(blocks())))
def test_block_ends_and_answers_as_the_readme_says(
    answers: list[Answer], place: int, block: Block
) -> None:
    """No command fails that is not told to, and what is shown is what comes."""
    answer = answers[place]
    assert answer.code == block.code, answer.out
    came = plain(answer.out)
    for line in block.shown.splitlines():
        assert plain(line) in came


def plain(text: str) -> str:
    """Return a text without its line breaks and indents."""
    return " ".join(text.split())


def test_tutorial_leads_to_an_active_agreement(answers: list[Answer]) -> None:
    """That is what it is for."""
    assert "State     active since 2027-01-01" in "".join(answer.out for answer in answers)


@pytest.mark.parametrize("page", PAGES)
def test_links_lead_to_files_that_are_there(page: str) -> None:
    """No page sends its reader nowhere."""
    file = ROOT / page
    for link in LINK.findall(file.read_text(encoding="utf-8")):
        assert (file.parent / link).exists(), f"{page}: {link}"
