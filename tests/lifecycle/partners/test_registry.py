"""The registry of partners: who is one partner, what it is, and whom a name means."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from lifecycle.dossiers import Dossier
from lifecycle.partners.registry import Partner, Wanted, akin, called, registry
from states.agreement import Party
from states.names import plain
from states.vocabulary import State
from tests.lifecycle.partners.made import BOARD, KYIV, dossier, partner, with_parties

TORONTO = ("City of Toronto", "CA")


def listed(*dossiers: Dossier) -> dict[tuple[str, str | None], Partner]:
    """Return the partners of some agreements by name and country, without the City."""
    found = {(one.name, one.country): one for one in registry(dossiers)}
    found.pop(TORONTO, None)
    return found


def of(*parties: Party) -> list[tuple[str, str | None]]:
    """Return the partners of agreements with these parties, one each."""
    return list(listed(*(dossier(n, with_parties(one)) for n, one in enumerate(parties, 1))))


def test_r2_the_registry_holds_both_sides_and_what_each_partner_is() -> None:
    """Kind, metro and why of every party, and the agreements that it is party to (R3)."""
    university = partner(
        "Kyiv School", kind="academic_institution", metro="Kyiv", why="programming"
    )
    agreement = with_parties(BOARD, KYIV, university, role=None)
    early = dossier(1, agreement, state=State.SUNSET, signed="1991")
    late = dossier(2, with_parties(BOARD, KYIV), signed="2026-04")
    city, board, kyiv, school = registry([early, late])
    assert [one.sides for one in (city, board, kyiv, school)] == [
        ("home",),
        ("home",),
        ("partner",),
        ("partner",),
    ]
    assert (school.kinds, school.metros, school.reasons) == (
        ("academic_institution",),
        ("Kyiv",),
        ("programming",),
    )
    assert [(str(tie.ref), tie.state, tie.role) for tie in kyiv.ties] == [
        ("TOR-2026-001", State.SUNSET, None),
        ("TOR-2026-002", State.ACTIVE, "catalyst"),
    ]
    assert (kyiv.since, school.since, city.since) == ("1991", "1991", "1991")


def test_r24_alternative_partners_are_all_but_cities_and_regions() -> None:
    """Whoever engages them is told; of a kind that is not stated nobody knows."""
    unknown = partner("Somebody", kind="")
    county = partner("Kyiv Oblast", kind="region")
    found = listed(dossier(1, with_parties(BOARD, KYIV, county, unknown)))
    assert [one.name for one in found.values() if one.alternative] == ["Board of Trade"]
    assert found["Kyiv", "UA"].engages == ("Board of Trade",)
    assert found["Board of Trade", "CA"].engages == ()


def test_names_that_are_spelt_alike_are_one_partner_of_a_country() -> None:
    """Listed as most agreements write it, and where they are even as the latest does."""
    names = ("São Paulo", "SAO PAULO", "Sao Paulo", "SAO PAULO")
    assert of(*(partner(name, "BR") for name in names)) == [("SAO PAULO", "BR")]
    assert of(partner("Łódź", "PL"), partner("Lodz", "PL")) == [("Lodz", "PL")]
    assert of(partner("Birmingham", "GB"), partner("Birmingham", "US")) == [
        ("Birmingham", "GB"),
        ("Birmingham", "US"),
    ]
    assert of(partner("Frankfurt am Main", "DE"), partner("Frankfurt (Oder)", "DE")) == [
        ("Frankfurt am Main", "DE"),
        ("Frankfurt (Oder)", "DE"),
    ]


def test_a_party_without_a_country_is_the_only_one_of_that_name() -> None:
    """Where there are two of it, it stays by itself; so does one without a name."""
    assert of(partner("Kyiv"), partner("Kyiv", None)) == [("Kyiv", "UA")]
    assert of(partner("Kyiv", None), partner("KYIV", None)) == [("KYIV", None)]
    three = of(partner("Paris", None), partner("Paris", "FR"), partner("Paris", "CA"))
    assert three == [("Paris", None), ("Paris", "CA"), ("Paris", "FR")]
    assert of(partner(" ")) == []


def test_an_alias_makes_two_names_one_partner_where_a_document_says_so() -> None:
    """Listed under the name that is nobody's alias; both are found, and so is a third."""
    aliases = ("Kiev", "Kiew")
    one = dossier(1, with_parties(KYIV, aliases=aliases))
    two = dossier(2, with_parties(partner("KIEV")))
    three = dossier(3, with_parties(partner("Kiev", "US")))
    found = listed(one, two, three)
    assert list(found) == [("Kiev", "US"), ("Kyiv", "UA")]
    kyiv = found["Kyiv", "UA"]
    assert [tie.ref.number for tie in kyiv.ties] == [1, 2]
    assert [plain(name) for name in kyiv.aliases] == ["kiev", "kiew"]
    assert called(list(found.values()), "kiew") == [kyiv]
    assert len(called(list(found.values()), "Kiev")) == 2
    each_other = dossier(2, with_parties(partner("Kiev"), aliases=("Kyiv",)))
    assert list(listed(one, each_other)) == [("Kiev", "UA")]


def test_an_alias_that_no_party_has_joins_nobody() -> None:
    """Two cities that are both called Frankfurt for short stay two, and the name asks which."""
    main = dossier(1, with_parties(partner("Frankfurt am Main", "DE"), aliases=("Frankfurt",)))
    oder = dossier(2, with_parties(partner("Frankfurt (Oder)", "DE"), aliases=("Frankfurt",)))
    found = registry([main, oder])
    assert [one.name for one in called(found, "frankfurt")] == [
        "Frankfurt am Main",
        "Frankfurt (Oder)",
    ]


def test_a_name_means_who_goes_by_it_else_who_has_it_in_a_name() -> None:
    """Nobody at all where there is none."""
    found = registry([dossier(1, with_parties(partner("Kyiv"), partner("Kyiv Polytechnic")))])
    assert [one.name for one in called(found, "KYIV")] == ["Kyiv"]
    assert [one.name for one in called(found, "polytech")] == ["Kyiv Polytechnic"]
    assert not called(found, "Odesa")


def test_other_names_that_may_be_the_same_partner_are_told() -> None:
    """One begins the other, they differ in brackets or in a few letters; in one country."""
    names = ("Frankfurt", "Frankfurt am Main", "Frankfurt [2]", "Frankfort", "Furth", "Halle")
    germans = [dossier(n, with_parties(partner(name, "DE"))) for n, name in enumerate(names, 1)]
    found = registry([*germans, dossier(9, with_parties(partner("Frankfurt", "US")))])
    (frankfurt,) = called([one for one in found if one.country == "DE"], "Frankfurt")
    assert [one.name for one in akin(found, frankfurt)] == [
        "Frankfort",
        "Frankfurt [2]",
        "Frankfurt am Main",
    ]
    kyiv, kiev = registry(
        dossier(n, with_parties(partner(x))) for n, x in enumerate(("Kiev", "Kyiv"))
    )[1:]
    assert akin([kyiv, kiev], kyiv) == [kiev]


def test_partners_are_narrowed_by_what_is_asked_for() -> None:
    """By side, kind, country, whether alternative, and a part of a name, an alias or a metro."""
    metro = partner("Obolon", metro="Greater Kyiv")
    found = registry([dossier(1, with_parties(BOARD, KYIV, metro, aliases=("Kiev",)))])

    def names(wanted: Wanted) -> list[str]:
        return [one.name for one in found if wanted.asks_for(one)]

    assert len(names(Wanted())) == 4
    assert names(Wanted(side="home")) == ["Board of Trade", "City of Toronto"]
    assert names(Wanted(kind="industry_organisation")) == ["Board of Trade"]
    assert names(Wanted(country="UA", alternative=False)) == ["Kyiv", "Obolon"]
    assert names(Wanted(alternative=True)) == ["Board of Trade"]
    assert names(Wanted(text="kiev")) == ["Kyiv"]
    assert names(Wanted(text="greater kyiv")) == ["Obolon"]


_PARTIES = st.builds(
    partner,
    st.sampled_from(["Kyiv", "Kiev", "KIEW", "Lviv", "Łódź", "Lodz"]),
    st.sampled_from(["UA", "PL", None]),
)
_AGREEMENTS = st.lists(
    st.tuples(_PARTIES, st.lists(st.sampled_from(["Kiev", "kiew", "Lvov"]), max_size=2)),
    min_size=1,
    max_size=6,
)


@given(_AGREEMENTS, st.randoms(use_true_random=False))
def test_every_party_is_of_one_partner_whatever_the_order(
    agreements: list[tuple[Party, list[str]]], random: st.DataObject
) -> None:
    """Nothing is lost or told twice, and in whatever order they are read, they group alike."""
    dossiers = [
        dossier(n, with_parties(party, aliases=tuple(aliases)))
        for n, (party, aliases) in enumerate(agreements, 1)
    ]
    found = registry(dossiers)
    random.shuffle(dossiers)  # type: ignore[attr-defined] # it is a random.Random
    again = registry(dossiers)
    groups = [{tie.ref for tie in one.ties} for one in found if one.country != "CA"]
    assert sorted(ref for group in groups for ref in group) == sorted(one.ref for one in dossiers)
    assert found == again


def test_the_city_itself_is_a_partner_of_the_home_side() -> None:
    """With every agreement that it is party to."""
    agreement = with_parties(KYIV)
    two = [dossier(1, agreement), dossier(2, replace(agreement, title="Another"))]
    assert [tie.title for tie in registry(two)[0].ties] == [agreement.title, "Another"]
