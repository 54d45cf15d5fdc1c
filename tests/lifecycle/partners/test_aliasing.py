"""Other names for a partner: where they are kept, and what stands against one."""

import pytest

from lifecycle.partners.aliasing import Alias, bearers, check_alias, open_ties
from lifecycle.partners.registry import Partner, called, registry
from states.problem import InvalidInputError, Problem
from states.vocabulary import State
from tests.lifecycle.partners.made import BOARD, KYIV, dossier, partner, with_parties

HERE = with_parties(KYIV, aliases=("Kiev",))


def listed() -> tuple[Partner, ...]:
    """Return a registry: Kyiv, once active and once over, and whoever leads other agreements."""
    lviv = partner("Lviv")
    return registry(
        [
            dossier(1, HERE),
            dossier(2, with_parties(BOARD, KYIV, lviv), state=State.SUNSET),
            dossier(3, with_parties(lviv)),
            dossier(4, with_parties(partner("Odesa", None))),
            dossier(5, with_parties(partner("Birmingham", "GB"), aliases=("Brum",))),
            *(dossier(n, with_parties(lviv)) for n in range(6, 9)),
        ]
    )


FOUND = listed()
(US,) = called(FOUND, "Kyiv")


def refused(alias: Alias) -> Problem:
    """Return why an alias is refused."""
    with pytest.raises(InvalidInputError) as caught:
        check_alias(FOUND, alias)
    (problem,) = caught.value.problems
    return problem


def test_an_alias_is_kept_with_the_agreements_that_are_not_over() -> None:
    """Of those in which the partner leads the other side."""
    assert [tie.ref.number for tie in open_ties(US)] == [1]
    assert [tie.ref.number for tie in open_ties(called(FOUND, "Lviv")[0])] == [3, 6, 7, 8]


def test_an_alias_stands_once_however_it_is_spelt() -> None:
    """Nor where the partner is named so; taken away, it is gone in every spelling."""
    assert Alias(US, "Kiew").on(HERE).aliases == ("Kiev", "Kiew")
    for known in ("KIEV", "kyiv"):
        assert Alias(US, known).on(HERE) == HERE
    assert Alias(US, "kiev", remove=True).on(HERE).aliases == ()
    assert Alias(US, "Kiew").on(with_parties()).aliases == ("Kiew",)


@pytest.mark.parametrize("name", ["Lviv", "lviv", "Birmingham", "Brum", "Odesa"])
def test_another_partners_name_is_no_alias(name: str) -> None:
    """Whoever it is is told, with what to do."""
    assert [one.name for one in bearers(FOUND, Alias(US, name))]
    problem = refused(Alias(US, name))
    assert (problem.code, problem.key) == ("alias_taken", "ALIAS")
    assert "choose a name that only one of them goes by" in (problem.hint or "")
    assert ("--same" in (problem.hint or "")) is (name in {"Lviv", "lviv", "Odesa"})


def test_two_partners_are_made_one_where_that_is_said() -> None:
    """Of one country, or of none that is known, by the name that the other has in a document."""
    for name in ("Lviv", "Odesa"):
        check_alias(FOUND, Alias(US, name, same=True))
    for name in ("Birmingham", "Brum"):
        assert refused(Alias(US, name, same=True)).code == "alias_taken"
    assert (
        "TOR-2026-002, TOR-2026-003, TOR-2026-006 and 2 more" in refused(Alias(US, "Lviv")).message
    )


def test_an_alias_that_no_document_can_keep_is_refused() -> None:
    """Of who leads no agreement; taking one away asks nothing else."""
    board = called(FOUND, "Board of Trade")[0]
    assert refused(Alias(board, "BoT")).code == "no_open_agreement"
    check_alias(FOUND, Alias(US, "Lviv", remove=True))
    check_alias(FOUND, Alias(US, "Kiew"))
