"""Which home side is the program's own city, and which is another one.

One program may keep the agreements of several cities; then they tell two rows apart.
"""

from guards.policy import Program
from lifecycle.intake.words import keyed
from states.names import plain

_CITY = "city of "


def is_own(program: Program, city: str, country: str | None) -> bool:
    """Whether a city is the one whose program it is: the program's name begins with the city's."""
    begins = f"{_city(program.name)} ".startswith(f"{_city(city)} ")
    return begins and (country is None or program.home_country in {None, country})


def other_home(program: Program, city: str, country: str | None) -> str:
    """Return by what a home side tells rows apart; blank for the program's own and for none."""
    return "" if not city or is_own(program, city, country) else f"{country or ''}:{keyed(city)}"


def _city(name: str) -> str:
    return plain(name).removeprefix(_CITY)
