"""On a terminal: questions, colours, and nothing of stored text that acts."""

from collections.abc import Callable

import pytest

from states.ref import Ref
from states.vocabulary import State
from tests.cli.running import on_terminal
from tests.stage import Stage

Editing = Callable[[str], None]
ESCAPE = "\x1b["


@pytest.mark.parametrize(
    ("answers", "code", "state"),
    [
        (["y"], 0, State.DECLINED),
        (["maybe", "yes"], 0, State.DECLINED),
        (["n"], 1, State.DECISION),
        ([""], 1, State.DECISION),
        (["\x04"], 1, State.DECISION),
    ],
)
def test_what_can_not_be_taken_back_is_asked(
    stage: Stage, answers: list[str], code: int, state: State
) -> None:
    """Only a yes declines; anything else changes nothing, and says so."""
    ref = stage.reach(State.DECISION)
    line = ["--db", stage.path, "advance", ref, "decline", "-m", "Not now"]
    ran = on_terminal(*line, typed=answers)
    assert ran.code == code, ran.out
    assert f"Decline {ref}" in ran.out
    assert ("Nothing was changed." in ran.out) is (code == 1)
    assert stage.standing(ref).state is state


def test_yes_answers_before_it_is_asked(stage: Stage) -> None:
    """`--yes` needs no terminal and no answer."""
    ref = stage.reach(State.DECISION)
    on_terminal("--db", stage.path, "advance", ref, "decline", "-m", "No", "--yes").well()


@pytest.mark.parametrize(("answer", "code"), [("1", 0), ("2", 0), ("", 2), ("7", 2)])
def test_a_writer_may_choose_on_a_terminal(stage: Stage, answer: str, code: int) -> None:
    """A beginning that means several agreements is asked about; none chosen changes nothing."""
    refs = [stage.propose(), stage.propose()]
    typed = [answer, ""]
    ran = on_terminal("--db", stage.path, "advance", "chong", "submit", typed=typed)
    assert ran.code == code, ran.out
    states = [stage.standing(ref).state for ref in refs]
    assert states.count(State.DECISION) == (1 if code == 0 else 0)


def test_a_bad_text_can_be_opened_again(stage: Stage, ref: Ref, editing: Editing) -> None:
    """What is wrong is told, and the second attempt is taken."""
    editing(
        "text = path.read_text()\n"
        "bad = 'role = ' in text and 'role = \"catalyst\"' in text\n"
        "new = 'role = oops' if bad else 'role = \"implementer\"'\n"
        "old = 'role = \"catalyst\"' if bad else 'role = oops'\n"
        "path.write_text(text.replace(old, new))"
    )
    ran = on_terminal("--db", stage.path, "edit", ref, typed=["y"]).well()
    assert "Open it again?" in ran.out
    assert stage.document(ref).role == "implementer"


def test_a_bad_text_is_kept_when_it_is_not_opened_again(
    stage: Stage, ref: Ref, editing: Editing
) -> None:
    """Leaving it at that ends with 3, and the text is where the user is told."""
    editing("path.write_text('oops')")
    ran = on_terminal("--db", stage.path, "edit", ref, typed=["n"])
    assert ran.code == 3
    assert "kept in" in ran.out
    assert len(stage.raw(ref)) == 1


def test_colours_are_for_terminals_that_want_them(stage: Stage, ref: Ref) -> None:
    """A terminal gets colours, unless NO_COLOR or a dumb terminal says otherwise."""
    line = ["--db", stage.path, "show", ref]
    assert ESCAPE in on_terminal(*line).well().out
    assert ESCAPE not in on_terminal(*line, env={"NO_COLOR": "1"}).well().out
    assert ESCAPE not in on_terminal(*line, env={"TERM": "dumb"}).well().out
    assert ESCAPE not in on_terminal(*line, "--json").well().out


@pytest.mark.parametrize("form", [[], ["--json"], ["--document"], ["--format", "toml"]])
def test_stored_text_never_reaches_a_terminal_raw(stage: Stage, form: list[str]) -> None:
    """Not even machine forms send what would act, when a terminal is where they go."""
    ref = stage.take_over()
    stage.tamper("UPDATE agreement SET title = 'a' || char(155) || '2Jb' || char(8238)")
    for line in (["show", ref, *form], ["list", *form[:1]] if form == ["--json"] else ["list"]):
        out = on_terminal("--db", stage.path, *line, env={"NO_COLOR": "1"}).well().out
        assert not {"\x1b", "\x9b", "\u202e"} & set(out)


def test_ctrl_c_at_a_question_ends_with_130(stage: Stage) -> None:
    """Interrupted: nothing is changed."""
    ref = stage.reach(State.DECISION)
    line = ["--db", stage.path, "advance", ref, "decline", "-m", "No"]
    assert on_terminal(*line, typed=["\x03"]).code == 130
    assert stage.standing(ref).state is State.DECISION
