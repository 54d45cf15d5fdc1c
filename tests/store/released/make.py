"""Makes the databases of released schemas that the tests upgrade, by the code that was released.

    python tests/store/released/make.py TREE FOLDER [POSTGRESQL_URL]

TREE is a checked-out release, which is run from there; in FOLDER come `sandbox.db`, the demo's, and
`city.db`, a real program of the same story with people in their roles where the release has them.
With a URL of an empty database, to which anna, ben, dora, sam and clock may log in, the city's
story is told there instead. README.md says what became of them. The host's name and the clock are
made up, so that nothing of the machine stands on the lines.
"""

import json
import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

WRAPPER = """
import datetime, os, runpy, sys
name = os.uname()
os.uname = lambda: os.uname_result((name[0], "city-host", *name[2:]))
import cli.clock
class Clock(datetime.datetime):
    @classmethod
    def now(cls, tz=None):
        return datetime.datetime.fromisoformat(os.environ["NOW"]).astimezone(tz)
cli.clock.datetime = Clock
sys.argv[0] = "lifecycle"
from cli.main import main
main()
"""
ROLES = ("anna staff", "zoe staff", "ben decider", "dora decider", "clock scheduler")
LETTER = "Dear Mayor,\n\nthank you for your letter of 3 May.\n"


class Teller:
    """Runs command lines of a release on one database."""

    def __init__(self, tree: Path, database: str, papers: Path) -> None:
        """Take the release's tree, where the database is, and a folder for papers."""
        self._tree, self._database, self._papers = tree, database, papers
        self._minute = 0

    def __call__(self, day: str, who: str, *words: str, ends: int = 0) -> str:
        """Run one command on a day as somebody; returns what it says, in JSON."""
        self._minute += 1
        now = f"{day}T{14 + self._minute // 60 % 6}:{self._minute % 60:02}:00+00:00"
        database, actor = self._database, ["--as", who]
        if "://" in database:
            database, actor = database.replace("//postgres@", f"//{who}@"), []
        if words[0] == "demo":
            database, actor = "", []
        # What is written into a file is read by a later step.
        json_ = [] if "-o" in words else ["--json"]
        line = [sys.executable, "-c", WRAPPER, *words, *json_, *actor]
        line += ["--db", database] if database else []
        done = subprocess.run(
            line,
            cwd=self._papers,
            env={**os.environ, "PYTHONPATH": str(self._tree), "NOW": now},
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode != ends:
            message = f"{day} {who} {words}: {done.returncode}\n{done.stdout}{done.stderr}"
            raise RuntimeError(message)
        return done.stdout


def tell_demo(tell: Teller, tree: Path) -> None:
    """Tell the demo's story as a real program, day by day on the clock."""
    sys.path.insert(0, str(tree))
    from cli.demo.story import CHAPTERS  # noqa: PLC0415 - the release's own

    for chapter in CHAPTERS[1:]:
        for step in chapter.steps:
            words = shlex.split(step.line)[1:]
            # In the sandbox everybody has every role; here the log's key is the admin's.
            who = "sam" if words[:2] == ["log", "key"] else step.actor
            tell(step.day, who, *words, ends=step.ends)


def tell_more(tell: Teller, *, roles: bool) -> None:
    """Leave an agreement in each early state, with records; then what only roles can do."""
    day = "2022-10-10"
    refs = [json.loads(tell(day, "anna", "propose", "agreement.toml"))["ref"] for _ in range(4)]
    for ref in refs[1:]:
        tell(day, "anna", "advance", ref, "submit")
        tell(day, "anna", "score", ref, "--file", "santa-aurelia-scores.toml")
    for ref in refs[2:]:
        tell("2022-10-11", "ben", "advance", ref, "accept", "-m", "As discussed.")
    tell("2022-10-12", "ben", "advance", refs[3], "sign", "--effective", "2022-10-11")
    tell("2022-10-13", "anna", "record", refs[3], "note", "text=They called.")
    if roles:
        tell_roles(tell, refs)
    tell("2022-10-20", "clock", "nightly")


def tell_roles(tell: Teller, refs: list[str]) -> None:
    """Approve, waive, attach, amend, void and adopt, by two people; some of it still stands."""
    day, signed = "2022-10-14", refs[3]
    tell(day, "anna", "attach", signed, "letter.txt", "--kind", "letter")
    document = tell(day, "anna", "show", signed, "--document", "--format", "toml")
    Path("amended.toml").write_text(
        document.replace('renewal_guidelines = "', 'renewal_guidelines = "Newly agreed. ')
    )
    tell(day, "dora", "approve", signed, "amend", "--file", "amended.toml")
    tell(day, "anna", "amend", signed, "--file", "amended.toml", "-m", "Both sides agreed.")
    tell(day, "dora", "approve", refs[1], "accept", "-m", "A good one.")
    tell(day, "ben", "approve", signed, "void")
    tell(day, "zoe", "advance", refs[2], "sign", ends=1)
    tell(day, "sam", "role", "grant", "erin", "decider", "--until", "2022-12-31")
    tell(day, "sam", "role", "revoke", "zoe", "staff")


def main(tree: Path, folder: Path, url: str | None) -> None:
    """Make what a release can make."""
    roles = (tree / "lifecycle" / "appointing.py").exists()
    folder.mkdir(parents=True, exist_ok=True)
    for paper in (*tree.glob("cli/demo/papers/*"), *tree.glob("store/samples/*.*")):
        (folder / paper.name).write_bytes(paper.read_bytes())
    (folder / "letter.txt").write_text(LETTER)
    os.chdir(folder)
    if url is None:
        Teller(tree, "", folder)("2026-11-01", "anna", "demo", ".")
        Path("lifecycle-demo.db").rename("sandbox.db")
        # The city publishes its own.
        shutil.rmtree("lifecycle-demo-register", ignore_errors=True)
    tell = Teller(tree, url or str(folder / "city.db"), folder)
    first = "2019-01-14"
    tell(first, "sam", "init", "--policy", "toronto-2018", *(["--admin", "sam"] if roles else []))
    if roles:
        for line in ROLES:
            tell(first, "sam", "role", "grant", *line.split())
    tell_demo(tell, tree)
    tell_more(tell, roles=roles)


if __name__ == "__main__":
    main(
        Path(sys.argv[1]).resolve(),
        Path(sys.argv[2]).resolve(),
        sys.argv[3] if sys.argv[3:] else None,
    )
