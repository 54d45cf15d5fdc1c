"""Which policy judges which agreements today: those in flight may keep an older one (R54)."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from lifecycle.matter import IN_FLIGHT, Judging, keeps_policy
from states.ref import Ref
from states.standing import Standing
from states.vocabulary import FINAL


@dataclass(frozen=True, slots=True)
class Docket:
    """What a policy judges: how many that have not ended, and which in decision or negotiation."""

    agreements: int = 0
    in_flight: Sequence[Ref] = ()


NONE = Docket()


def dockets(code: str, standings: Iterable[Standing], in_force: Judging) -> Mapping[str, Docket]:
    """Return what each policy judges in a program, by digest, while one is in force."""
    counts: Counter[str] = Counter()
    flying: defaultdict[str, list[Ref]] = defaultdict(list)
    for standing in standings:
        if standing.voided or standing.state in FINAL:
            continue
        kept = keeps_policy(standing, in_force.policy)
        digest = standing.policy if kept else in_force.digest
        counts[digest] += 1
        if standing.state in IN_FLIGHT:
            flying[digest].append(Ref.of(code, standing.key))
    return {digest: Docket(count, flying[digest]) for digest, count in counts.items()}
