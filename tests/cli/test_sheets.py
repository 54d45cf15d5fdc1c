"""`lifecycle score`, `evaluate` and `record`: what stands beside an agreement."""

from collections.abc import Callable
from pathlib import Path

import pytest

from states.ref import Ref
from states.vocabulary import State
from tests.builders import SAMPLES
from tests.cli.conftest import Cli
from tests.stage import Stage

Editing = Callable[[str], None]
REACHED = "businesses reached"

FILL_SCORES = """
text = path.read_text().replace("# priority_industries", "priority_industries")
text = text.replace("# target_markets", "target_markets").replace("= ?", "= 4")
path.write_text(text.replace('= ""', '= "said"'))
"""
FILL_EVALUATION = """
text = path.read_text().replace('outcome = ""', 'outcome = "met"')
text = text.replace('recommendation = ""', 'recommendation = "renew"')
path.write_text(text.replace('= ""', '= "said well"'))
"""


@pytest.fixture
def proposal(stage: Stage) -> Ref:
    """Return a proposal that waits for a decision."""
    return stage.reach(State.DECISION)


def test_a_score_sheet_comes_from_a_file(cli: Cli, proposal: Ref, tmp_path: Path) -> None:
    """`score --file` puts it; the criteria's version is the policy's."""
    file = tmp_path / "scores.toml"
    file.write_text('[scores]\ntarget_markets = { value = 4, evidence = "x" }\n')
    receipt = cli("score", proposal, "--file", file, json=True).well().json
    assert (receipt["event"], receipt["outcome"]) == ("scored", "ok")
    cli("score", proposal, "--file", "-", stdin=file.read_text()).well()


def test_the_form_of_scores_is_filled_in_and_remembers(
    stage: Stage, cli: Cli, proposal: Ref, editing: Editing
) -> None:
    """The form asks every question; opened again, it holds what was answered."""
    editing(FILL_SCORES)
    cli("score", proposal).well()
    cli("advance", proposal, "accept", actor="dora").well()
    assert stage.standing(proposal).state is State.NEGOTIATION
    again = stage.reach(State.DECISION)
    cli("score", again).well()
    editing(f"open({str(stage.path.parent / 'seen')!r}, 'w').write(path.read_text())")
    assert "nothing was changed" in cli("score", again).well().err
    seen = (stage.path.parent / "seen").read_text()
    assert 'priority_industries = { value = 4, evidence = "said" }' in seen
    assert "(mandatory)" in seen
    assert 'partnership_cap = "said"' in seen


def test_a_form_left_half_filled_says_which_line(cli: Cli, proposal: Ref, editing: Editing) -> None:
    """A value that was not put for the ? is told with its line, and the text is kept."""
    editing("path.write_text(path.read_text().replace('# objectives', 'objectives'))")
    ran = cli("score", proposal).badly(2)
    assert "line " in ran.err
    assert "kept in" in ran.err


@pytest.mark.parametrize(
    "text",
    [
        "[scores]\nfame = { value = 1 }\n",
        "[scores]\ntarget_markets = { value = 9 }\n",
        '[scores]\ntarget_markets = { value = "4" }\n',
        '[factors]\nfame = "x"\n',
        "[scores\n",
    ],
)
def test_a_bad_score_sheet_is_bad_input(stage: Stage, cli: Cli, proposal: Ref, text: str) -> None:
    """Unknown criteria and values outside the scale end with 2; nothing is stored."""
    lines = len(stage.raw(proposal))
    cli("score", proposal, "--file", "-", stdin=text).badly(2)
    assert len(stage.raw(proposal)) == lines


def test_scoring_after_the_decision_is_refused(stage: Stage, cli: Cli) -> None:
    """Scores precede a decision: exit 1, and the refusal is on the log."""
    ref = stage.reach(State.ACTIVE)
    cli("score", ref, "--file", "-", stdin="[scores]\n").badly(1)
    assert stage.last(ref).event == "refused"


@pytest.mark.usefixtures("proposal")
def test_the_form_of_an_evaluation_names_each_project(
    stage: Stage, cli: Cli, editing: Editing
) -> None:
    """Agreement, projects and value have their place; filled in, renewing may be done."""
    ref = stage.reach(State.EVALUATION)
    editing(FILL_EVALUATION)
    cli("evaluate", ref).well()
    stage.report(ref)
    cli("check", ref, "renew", actor="dora").well()


def test_the_sample_evaluation_is_a_form(stage: Stage, cli: Cli) -> None:
    """What is left blank counts as not judged."""
    ref = stage.reach(State.EVALUATION)
    form = (SAMPLES / "evaluation.toml").read_text().replace("health-technology-", "")
    cli("evaluate", ref, "--file", "-", stdin=form).well()
    steps = cli("check", ref, "renew", actor="dora", json=True).badly(1).json
    assert {unmet["code"] for unmet in steps[0]["unmet"]} >= {"evaluation.agreement"}


@pytest.mark.parametrize(
    ("line", "key", "value"),
    [
        (["activity", "text=A mission"], "text", "A mission"),
        (["activity", "text=a=b", "on=2026-08-01"], "on", "2026-08-01"),
        (["actual", f"item={REACHED}", "value=12.5", "source=survey"], "value", "12.5"),
        (["annual", "year=2026", "text=All went well"], "year", 2026),
        (["correspondence", "direction=received", "text=Thanks"], "direction", "received"),
    ],
)
def test_a_fact_is_recorded_with_its_keys(
    cli: Cli, ref: Ref, line: list[str], key: str, value: object
) -> None:
    """Each value is taken as the type that its key has."""
    receipt = cli("record", ref, *line, json=True).well().json
    assert receipt["event"] == "recorded"
    [record] = cli("show", ref, "--records", json=True).well().json
    assert record[key] == value
    assert line[0] in cli("show", ref, "--records").well().out


def test_a_decision_is_put_off_to_a_day(stage: Stage, cli: Cli) -> None:
    """A deferral moves the day on which a decision is owed, and the page says so."""
    ref = stage.reach(State.DECISION)
    cli("record", ref, "deferral", "until=2026-12-01", "text=Later", actor="dora").well()
    shown = cli("show", ref, json=True).well().json
    assert (shown["deferred"], shown["due"]) == ("2026-12-01", "2026-12-01")
    assert "to which it was put off" in " ".join(cli("show", ref).well().out.split())


@pytest.mark.parametrize(
    "line",
    [
        [],
        ["fame"],
        ["activity"],
        ["activity", "text"],
        ["activity", "text=x", "text=y"],
        ["activity", "text=x", "colour=red"],
        ["activity", "text=x", "on=2026-02-30"],
        ["activity", "text=x", "on=2099-01-01"],
        ["actual", "item=x", "value=many", "source=y"],
        ["actual", "item=x", "value=1e99", "source=y"],
        ["annual", "year=soon", "text=x"],
        ["milestone", "item=unknown"],
        ["activity", "text=x", "--file", "y.toml"],
    ],
)
def test_a_fact_that_can_not_be_is_bad_input(
    stage: Stage, cli: Cli, ref: Ref, line: list[str]
) -> None:
    """Unknown kinds and keys, wrong types and days to come end with 2; nothing is stored."""
    cli("record", ref, *line).badly(2)
    assert len(stage.raw(ref)) == 1


TOML = """
[[records]]
kind = "activity"
text = "A mission"
[[records]]
kind = "annual"
year = 2026
text = "Well"
"""


@pytest.mark.parametrize(
    ("name", "text"),
    [("r.toml", TOML), ("r.csv", "kind,on,text,year\n,2026-08-01,A mission,\nannual,,Well,2026\n")],
)
def test_a_file_records_many_facts(  # noqa: PLR0913, PLR0917 - fixtures
    stage: Stage, cli: Cli, ref: Ref, tmp_path: Path, name: str, text: str
) -> None:
    """TOML or CSV, one receipt each; a row without kind is of the one that was typed."""
    file = tmp_path / name
    file.write_text(text)
    ran = cli("record", ref, "activity", "--file", file, "--idempotency-key", "k", json=True).well()
    assert [one["outcome"] for one in ran.json] == ["ok", "ok"]
    assert len(stage.raw(ref)) == 3
    again = cli("record", ref, "activity", "--file", file, "--idempotency-key", "k", json=True)
    assert [one["repeated"] for one in again.well().json] == [True, True]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("r.toml", TOML.replace("2026", '"2026"')),
        ("r.toml", TOML.replace('kind = "annual"', 'kind = "fame"')),
        ("r.toml", 'title = "no records"\n'),
        ("r.toml", "records = 3\n"),
        ("r.toml", ""),
        ("r.csv", "kind,text\nactivity,x,too,much\n"),
        ("r.csv", "kind,text\nactivity\n"),
        ("r.csv", 'kind,text\nactivity,"open\n'),
        ("r.csv", "kind,text\nactivity,\udcff\n"),
    ],
)
def test_of_many_facts_all_are_recorded_or_none(  # noqa: PLR0913, PLR0917 - fixtures
    stage: Stage, cli: Cli, ref: Ref, tmp_path: Path, name: str, text: str
) -> None:
    """A mistake in one record is told with its place, and nothing of the file is stored."""
    file = tmp_path / name
    file.write_bytes(text.encode(errors="surrogateescape"))
    cli("record", ref, "--file", file).badly(2)
    assert len(stage.raw(ref)) == 1


def test_an_empty_sheet_never_stands_over_a_full_one(cli: Cli, proposal: Ref) -> None:
    """Nothing on standard input is a mistake, and no sheet."""
    [error] = cli("score", proposal, "--file", "-", json=True, stdin="").badly(2).errors
    assert error["code"] == "empty"
