"""What the tests of taking over know of the world."""

from lifecycle.intake.ports import OnRecord

KYIV = OnRecord(
    key=2026_000_001,
    partner="Kyiv",
    country="UA",
    type="friendship",
    signed="1991",
    home="City of Toronto",
    home_country="CA",
    aliases=(),
)


class AllCountries:
    """Takes every two letters for a country."""

    def code(self, text: str) -> str | None:
        """Return two letters as they are."""
        return text if len(text) == 2 else None

    def close(self, text: str) -> str | None:
        """Return nothing: none comes close."""
        return None if text else text


class Ukraine:
    """Knows two names of one city."""

    def group(self, country: str, name: str) -> str | None:
        """Return one name for both."""
        return "Kyiv" if (country, name) in {("UA", "kyiv"), ("UA", "kiev")} else None
