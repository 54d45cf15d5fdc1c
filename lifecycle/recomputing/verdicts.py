"""What guards say of a line when they are asked once more, by the code that asked them then."""

from guards.conditions import Verdict
from guards.kept import AMENDABLE
from guards.registry import guards_for, judge
from lifecycle.advance import act_on
from lifecycle.amending import Changing, Wanted
from lifecycle.amending import judged as judged_change
from lifecycle.authority import Authority
from lifecycle.cases import build
from lifecycle.choosing.prioritising import waived, year_verdicts
from lifecycle.drafting import keeps_a_place
from lifecycle.evolve import described
from lifecycle.people import second_person
from lifecycle.places import place_refusals
from lifecycle.reclassifying import judged as judged_type
from lifecycle.recomputing.past import GoneError
from lifecycle.recomputing.priorities import year_of
from lifecycle.recomputing.trials import Trial
from lifecycle.taking_back import in_force_again
from states.agreement import Agreement
from states.deeds import PRIORITISE, REVIEW
from states.vocabulary import Event, Trigger


def verdicts(trial: Trial, right: Authority) -> tuple[Verdict, ...]:
    """Return what is said of a deed that is done by some right, as its line should have it.

    Raises GoneError where something that a guard reads is not there any more.
    """
    entry, matter = trial.entry, trial.matter
    agreement = trial.turn.step.brought.agreement
    said: tuple[Verdict, ...]
    match entry.event:
        case Event.TRANSITIONED | Event.REFUSED if entry.trigger:
            said = _of_trigger(trial, entry.trigger, right)
        case Event.AMENDED | Event.CORRECTED if agreement and not entry.to:
            said = _of_document(trial, right, agreement)
        case Event.RECLASSIFIED if agreement:
            said = judged_type(matter, right, agreement, entry.effective)
        case Event.EDITED if agreement and keeps_a_place(matter.held):
            said = place_refusals(matter, described(matter.held, agreement))
        case Event.CORRECTED if entry.to and trial.turn.past:
            again = in_force_again(matter, trial.turn.past, trial.turn.moved_by)
            said = (*second_person(matter, right), *again)
        case Event.APPROVED | Event.VOIDED:
            said = second_person(matter, right)
        case Event.CORRECTED | Event.RECORDED if right.deed.writes or right.deed is REVIEW:
            said = second_person(matter, right)
        case Event.CORRECTED | Event.RECORDED:
            said = _of_priority(trial, right)
        case _:
            said = ()
    return said


def _of_trigger(trial: Trial, trigger: Trigger, right: Authority) -> tuple[Verdict, ...]:
    matter, row = trial.matter, trial.turn.table[trigger]
    act = act_on(matter.order, trigger, trial.entry.effective, right)
    guards = guards_for(row, matter.policy, matter.held.type)
    return judge(guards, build(matter, act, guards))


def _of_priority(trial: Trial, right: Authority) -> tuple[Verdict, ...]:
    """Return what is said of a year's places; a correction that stays in its year asks for none."""
    entry, content = trial.entry, trial.unit.content(trial.entry.n)
    if content is None and entry.guards:
        message = f"what stood beside line {entry.n} is not there"
        raise GoneError(message)
    year = year_of(content)
    corrects = content.corrects if content else None
    if year is None or (corrects and year_of(trial.unit.content(corrects)) == year):
        return ()
    verdicts = year_verdicts(trial.matter, year)
    beyond = right.deed is PRIORITISE and entry.reason is not None
    return waived(trial.matter, right, verdicts) if beyond else verdicts


def _of_document(trial: Trial, right: Authority, agreement: Agreement) -> tuple[Verdict, ...]:
    matter = trial.matter
    wanted = Wanted(right.deed, agreement, None, AMENDABLE)
    current = matter.unit.document(matter.held)
    return judged_change(Changing(matter, wanted, right, current, agreement, trial.entry.effective))
