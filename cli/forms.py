"""Forms for the editor: a score sheet and an evaluation, filled in as far as known.

Comments say what each line asks for. A form is TOML from the start; what is not known yet stands
as a comment (scores) or as blank text (everything else).
"""

import textwrap
from collections.abc import Sequence

from cli.output.document import literal, toml_lines
from cli.output.obligations import sentence
from cli.output.text import one_line
from cli.refs import Found
from guards.policy import Criterion, Policy, Priority
from guards.priorities import MARKET, SECTOR
from lifecycle.partners.obligations import Owed
from states.agreement import Agreement
from states.records import FACTORS, OUTCOMES, RECOMMENDATIONS, Evaluation, ScoreSheet
from states.ref import Ref
from states.standing import Standing

_LINE = 76

_FACTOR_QUESTIONS = {
    "criteria": "Do the criteria as a whole speak for it?",
    "priority_markets": "Which priority market does it serve, if any?",
    "priority_sectors": "Which priority sector does it serve, if any?",
    "available_resources": "Where do money and staff come from?",
    "partnership_cap": "Is a place free under the cap, or which agreement makes room?",
}

_PRIORITIES = {"priority_markets": MARKET, "priority_sectors": SECTOR}


def score_form(
    agreement: Found, policy: Policy, known: ScoreSheet | None, served: Sequence[Priority]
) -> str:
    """Return the form of a score sheet; `served` are the priorities that the proposal serves."""
    ref, standing = agreement.ref, agreement.standing
    sheet, criteria = known or ScoreSheet(), policy.criteria
    scale = f"from {criteria.lowest} (not at all) to {criteria.highest} (fully)"
    parts = [
        _comment(f"Scores of {ref}, {standing.title}."),
        _comment(
            f"One line a criterion: a value {scale}, and what it rests on. Take away the # before "
            "a line to score it, and put the value for the ?. Save and leave when you are done."
        ),
        "\n[scores]\n",
        *(_criterion(item, sheet) for item in criteria.items),
        "\n",
        _comment("The five factors of the decision, each answered in words."),
        "[factors]\n",
    ]
    for factor in FACTORS:
        found = [one.code for one in served if one.kind == _PRIORITIES.get(factor)]
        hint = f" By the policy's list today: {', '.join(found)}." if found else ""
        parts.append(_comment(f"{_FACTOR_QUESTIONS[factor]}{hint}"))
        parts.append(toml_lines({factor: sheet.factors.get(factor, "")}))
    return "".join(parts)


def evaluation_form(
    ref: Ref,
    standing: Standing,
    document: Agreement,
    known: Evaluation | None,
    owed: Sequence[Owed] = (),
) -> str:
    """Return the form of an evaluation, with what each side owed and what became of it."""
    sheet = known or Evaluation()
    judged = {project.id: project for project in sheet.projects}
    outcome = f"outcome: {' | '.join(OUTCOMES)}"
    parts = [
        _comment(f"Evaluation of {ref}, {standing.title}, term {standing.signed_term or 1}."),
        _comment("What is left blank counts as not judged. Save and leave when you are done."),
        "\n",
        *_owed(owed),
        _comment(f"The agreement as a whole. {outcome}"),
        "[agreement]\n",
        toml_lines({"outcome": sheet.agreement.outcome, "findings": sheet.agreement.findings}),
    ]
    for project in document.projects:
        past = judged.get(project.id or "")
        parts += ["\n", _comment(f"{project.name}. {outcome}"), "[[projects]]\n"]
        parts.append(toml_lines({"id": project.id}))
        parts.append(toml_lines({"outcome": past.outcome if past else ""}))
        parts.append(toml_lines({"findings": past.findings if past else ""}))
    parts += [
        "\n",
        _comment(
            f"What another term would be worth. recommendation: {' | '.join(RECOMMENDATIONS)}"
        ),
        "[value]\n",
        toml_lines({"of_renewing": sheet.value.of_renewing}),
        toml_lines({"recommendation": sheet.value.recommendation}),
    ]
    return "".join(parts)


def _owed(owed: Sequence[Owed]) -> list[str]:
    if not owed:
        return []
    lines = [_comment(f"- {sentence(one)}") for one in owed]
    return [_comment("What each side owed, and what became of it:"), *lines, "\n"]


def _criterion(item: Criterion, sheet: ScoreSheet) -> str:
    question = _comment(f"{item.question}{' (mandatory)' if item.mandatory else ''}")
    key = toml_lines({item.code: 0}).removesuffix(" = 0\n")
    score = sheet.scores.get(item.code)
    if score is None:
        return f'{question}# {key} = {{ value = ?, evidence = "" }}\n'
    evidence = literal(score.evidence)
    return f"{question}{key} = {{ value = {score.value}, evidence = {evidence} }}\n"


def _comment(text: str) -> str:
    lines = textwrap.wrap(one_line(text), _LINE)
    return "".join(f"# {line}\n" for line in lines)
