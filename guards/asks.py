"""What each guard asks for, in a sentence, and the section of the report that asks it.

For people who read a line of the log: a line names guards and codes. What was missing in one case
only the guard itself can say, of that case.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from states.vocabulary import Guard


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked for, and where the report asks it."""

    words: str
    report: str


ASKED: Mapping[str, Asked] = MappingProxyType(
    {
        Guard.PROPOSAL_COMPLETE: Asked(
            "The proposal says where it comes from, names both parties with kind and country, and"
            " why an alternative partner was chosen.",
            "BOX1",
        ),
        Guard.TYPE_ALLOWED: Asked("New agreements may be made of this type.", "REC3"),
        Guard.GROUNDS_STATED: Asked("The decider states a ground, or a reason.", "REC2"),
        Guard.NEVER_SIGNED: Asked("Nothing was signed yet.", "REC4"),
        Guard.CRITERIA_SCORED: Asked(
            "Every criterion that is mandatory is scored, on the policy's version of the criteria.",
            "REC2",
        ),
        Guard.FACTORS_ANSWERED: Asked("Each of the five decision factors is answered.", "BOX2"),
        Guard.CAP_AVAILABLE: Asked(
            "A place is free under the cap and the program's other limits.", "BOX2"
        ),
        Guard.SECOND_PERSON: Asked(
            "Who decides did not propose, negotiate or write what is decided.", "DP1"
        ),
        Guard.SMART_COMPLETE: Asked(
            "Each project says what it is for, how that is measured, by whom it is done and until"
            " when.",
            "REC8",
        ),
        Guard.RESOURCED: Asked(
            "Each project has funding and staff, within the budget and what may be signed for.",
            "REC10",
        ),
        Guard.TIME_BOUND: Asked(
            "The term is as long as the type asks, or a review date stands where it has no end.",
            "REC7",
        ),
        Guard.GUIDELINES_STATED: Asked(
            "It is said how the agreement is renewed, and how it is terminated.", "REC7"
        ),
        Guard.ENDORSED: Asked("A councillor endorses it, where its type asks for that.", "REC3"),
        Guard.EFFECTIVE: Asked(
            "The term has begun and is not over; without a term, a review is set.", "REC7"
        ),
        Guard.PROJECT_FOCUS: Asked(
            "No more projects start in a year than the program can carry.", "BOX5"
        ),
        Guard.PUBLISHED: Asked("What was signed is public.", "REC9"),
        Guard.EVALUATION_OPEN: Asked(
            "The policy's window before the term's end, or before the review, is open.", "BOX6"
        ),
        Guard.TERM_OVER: Asked("The last day of the term has passed.", "REC7"),
        Guard.REVIEW_DUE: Asked("The review date has come, where there is no term.", "REC7"),
        Guard.TERM_RUNNING: Asked("The term still runs, or a new review date is set.", "REC4"),
        Guard.EVALUATED: Asked(
            "The agreement, its projects and the value of renewing are evaluated, each apart.",
            "BOX6",
        ),
        Guard.REPORTS_COMPLETE: Asked(
            "A report is on record for each calendar year of the term.", "REC9"
        ),
        Guard.WAS_SIGNED: Asked("It was signed once.", "REC4"),
        Guard.DECISION_OVERDUE: Asked(
            "The policy lets it lapse, its decision is overdue, and notice of that was given.",
            "DP3",
        ),
        Guard.CONDITIONS_MET: Asked(
            "The city's own checklist is answered for this step and type.", "BP5"
        ),
        "authority": Asked(
            "Who does it has the role for it, or somebody's approval stands behind it.", "DP1"
        ),
        "transition": Asked("It can be done from where the agreement stands.", "R57"),
        "document": Asked("What was agreed on changes only as both sides agree.", "REC7"),
    }
)
"""By the name under which it stands on the log: every guard, and the gates before them."""
