"""Every command that writes is tried by somebody without a role: it is refused, and on the log.

The commands are found in the program's own tables, so that a new one can't be left out.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path

import click
import pytest

from cli.lazy import LazyGroup
from cli.main import main
from lifecycle.entry import Entry
from states.ref import Ref
from states.vocabulary import Event, State
from tests.builders import complete_agreement, home_party, partner_party
from tests.cli.running import run
from tests.conftest import Staging
from tests.stage import Stage, policy_file

NOBODY = "mallory"
FOUNDS = {"init", "demo", "db restore", "db upgrade"}
"""Commands before there is anybody with a role, and what puts a database in its place or form."""

SEALS = {"log export", "log seal"}
"""What writes no line, and so asks for no role: files, and a seal, for its key."""

ROW = "partner,country,type,signed,status,source\nLima,PE,partnership,1999,signed,File 1\n"
NOT_COMPLETED = 3


def commands(group: click.Command = main, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Yield every command of the program that writes, by the words that name it.

    What writes can be rehearsed: it has the option --dry-run.
    """
    if isinstance(group, LazyGroup):
        for name in group.table:
            found = group.get_command(click.Context(group), name)
            assert found is not None
            yield from commands(found, (*path, name))
    elif any("--dry-run" in param.opts for param in group.params):
        yield path


WRITING = sorted(" ".join(words) for words in commands())


@pytest.fixture
def stage(staged: Staging) -> Stage:
    """Return a real city's program, with people in their roles and agreements in every state."""
    return staged(sandbox=False).with_people()


@pytest.fixture
def lines(stage: Stage, tmp_path: Path) -> Mapping[str, list[object]]:
    """Return how each command is called, so that nothing but the missing role stands against it."""
    drafted, signed = stage.reach(State.DECISION), stage.reach(State.SIGNED)
    document, sheet = tmp_path / "a.toml", tmp_path / "evaluation.toml"
    document.write_text(said(stage, signed).replace("2029-12-31", "2030-12-31"))
    (new := tmp_path / "new.toml").write_text(run("propose", "--template").well().out)
    (edited := tmp_path / "edited.toml").write_text(said(stage, drafted).replace("Trade", "Art"))
    (scores := tmp_path / "s.toml").write_text('[factors]\ncriteria = "yes"\n')
    sheet.write_text('[value]\nof_renewing = "Much."\n')
    (rules := tmp_path / "p.toml").write_bytes(policy_file({"projects_per_year": 3}))
    (rows := tmp_path / "rows.csv").write_text(ROW)
    (paper := tmp_path / "letter.txt").write_text("Dear Li Wei")
    (reviewed := tmp_path / "r.csv").write_text(
        f"ref,decision,ground,reason\n{signed},sunset,dormant,No.\n"
    )
    last = stage.standing(signed).moved_n
    stage.propose(complete_agreement(parties=(home_party(), partner_party(name="Wuxi"))))
    return {
        "advance": ["advance", drafted, "decline", "-m", "No.", "--yes"],
        "amend": ["amend", signed, "--file", document],
        "apply": ["apply", edited],
        "approve": ["approve", drafted, "decline"],
        "attach": ["attach", signed, paper],
        "correct": ["correct", signed, "--entry", last, "--yes"],
        "edit": ["edit", drafted],
        "evaluate": ["evaluate", signed, "--file", sheet],
        "import": ["import", rows],
        "log erase": ["log", "erase", signed, "--text", "Chongqing", "-m", "No.", "--yes"],
        "log key create": ["log", "key", "create", "--key-file", tmp_path / "seal.key"],
        "log key rotate": [
            *("log", "key", "rotate", "--lost"),
            *("--new-key-file", tmp_path / "seal.key"),
        ],
        "nightly": ["nightly"],
        "partner alias": ["partner", "alias", "Wuxi", "Wusih"],
        "policy adopt": ["policy", "adopt", rules],
        "portfolio review": ["portfolio", "review", "--file", reviewed],
        "propose": ["propose", new],
        "publish": ["publish", tmp_path / "site", "--record", "https://example.org"],
        "reclassify": ["reclassify", signed, "friendship"],
        "record": ["record", signed, "note", "text=Seen."],
        "role grant": ["role", "grant", "eve", "staff"],
        "role revoke": ["role", "revoke", "anna", "staff"],
        "score": ["score", drafted, "--file", scores],
        "waive": [
            *("waive", drafted, "criteria_scored:scores.missing"),
            *("--for", "accept", "-m", "No."),
        ],
    }


def said(stage: Stage, ref: Ref) -> str:
    """Return an agreement's document as it is printed."""
    return run("--db", stage.path, "show", ref, "--document").well().out


def everything(stage: Stage) -> list[Entry]:
    """Return every line of the log."""
    with stage.store.reading() as reader:
        refs = [Ref.of("TOR", standing.key) for standing in reader.portfolio(-1, 100)]
    return [line for ref in (None, *refs) for line in stage.entries(ref)]


def test_there_is_a_line_for_every_command_that_writes(lines: Mapping[str, list[object]]) -> None:
    """Who adds a command says here how it is called."""
    others = FOUNDS | SEALS
    assert sorted({*lines, *others} & {*WRITING, *others}) == sorted({*WRITING, *others})


@pytest.mark.parametrize("name", [name for name in WRITING if name not in FOUNDS | SEALS])
def test_command_by_somebody_without_a_role_writes_its_refusal_and_nothing_else(
    stage: Stage,
    lines: Mapping[str, list[object]],
    name: str,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    """Whatever it is, and also where it goes through a file, an editor or the scheduler's job."""
    (tmp_path / "ed.sh").write_text("sed -i s/Trade/Art/ $1\n")
    monkeypatch.setenv("EDITOR", f"sh {tmp_path / 'ed.sh'}")
    before = everything(stage)
    ran = run("--db", stage.path, "--as", NOBODY, *lines[name])
    ran.badly(NOT_COMPLETED if name == "nightly" else 1)
    known = {(line.agreement, line.n) for line in before}
    new = [line for line in everything(stage) if (line.agreement, line.n) not in known]
    assert [(line.event, line.actor.id, line.role) for line in new] == [
        (Event.REFUSED, NOBODY, None)
    ]
    assert [(guard.guard, guard.code) for guard in new[0].guards] == [("authority", "role.missing")]
    assert stage.verify() == []
