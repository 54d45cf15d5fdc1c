"""Which partner is meant: by its name, an alias, or a part of a name that no other one has."""

from collections.abc import Sequence
from difflib import get_close_matches

from cli.asking import can_ask, chosen
from cli.narrowing import codes_of
from lifecycle.dossiers import dossiers
from lifecycle.partners.registry import PARTS, Partner, called, registry
from states.names import plain
from states.problem import InvalidInputError, Problem
from store.reader import Reader

_MOST_SHOWN = 20


def all_partners(reader: Reader) -> tuple[Partner, ...]:
    """Return the registry of the program's partners, as its documents stand now."""
    return registry(dossiers(reader, *PARTS))


def one_partner(
    partners: Sequence[Partner], name: str, country: str | None, *, whole: bool = False
) -> Partner:
    """Return the one partner that is meant; several are asked about on a terminal.

    Raises InvalidInputError for nobody, and for several where nobody can answer. Who is to be
    changed is named by a `whole` name or alias, or asked about too.
    """
    codes = codes_of((country,)) if country else ()
    among = [one for one in partners if not codes or one.country in codes]
    found = called(among, name)
    if not found:
        raise InvalidInputError([_nobody(partners, name, country)])
    named = plain(name) in map(plain, found[0].names)
    if len(found) == 1 and (named or not whole):
        return found[0]
    names = [partner_name(one) for one in found]
    if can_ask() and len(found) <= _MOST_SHOWN:
        return found[chosen("Which partner is meant?", names)]
    several = f"means {len(found)} partners" if len(found) > 1 else "is not a partner's whole name"
    message, hint = f"{name!r} {several}", "name it in full, or add --country"
    raise InvalidInputError(
        [
            Problem(
                "ambiguous_partner", message, None, None, "NAME", tuple(names[:_MOST_SHOWN]), hint
            )
        ]
    )


def partner_name(partner: Partner) -> str:
    """Return a partner's name with its country."""
    return f"{partner.name}{f' ({partner.country})' if partner.country else ''}"


def _nobody(partners: Sequence[Partner], name: str, country: str | None) -> Problem:
    """Return the problem that nobody is called so, with the names that come close."""
    known = {plain(other): partner_name(one) for one in partners for other in one.names}
    close = get_close_matches(plain(name), known, n=_MOST_SHOWN)
    names = tuple(dict.fromkeys(known[word] for word in close))
    where = f" in {country}" if country else ""
    hint = f"did you mean {names[0]}?" if names else "lifecycle partner list shows all partners"
    return Problem(
        "unknown_partner", f"there is no partner {name!r}{where}", None, None, "NAME", names, hint
    )
