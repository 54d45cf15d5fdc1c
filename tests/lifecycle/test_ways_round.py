"""Ways round the guards that the search for them found, each closed for good."""

from dataclasses import replace
from datetime import date

from guards.policy import Policy
from lifecycle.amending import correct
from lifecycle.approving import approve
from lifecycle.reclassifying import reclassify
from lifecycle.subjects import of_document, of_note
from lifecycle.taking_back import take_back
from states.agreement import Agreement, Term
from states.notes import TakenBack
from states.ref import Ref
from states.vocabulary import Guard, State, Trigger
from tests.builders import DORA, START, complete_agreement, partner_party
from tests.conftest import Staging
from tests.stage import PATHS, Stage, codes, policy_file, with_cap
