"""What `lifecycle partner show` does: gathers everything about one partner at one moment."""

from cli.output.answers import Answer, give, shape
from cli.output.partner import partner_markdown, partner_page, partner_workbook
from cli.output.partner_shape import profile_shape
from cli.partners import all_partners, one_partner
from cli.session import opened
from cli.settings import Reading, Settings
from lifecycle.partners.profile import profile


def show_partner(settings: Settings, reading: Reading, name: str, country: str | None) -> None:
    """Print everything about the one partner that is meant."""
    with opened(settings) as session, session.store.reading() as reader:
        partners = all_partners(reader)
        partner = one_partner(partners, name, country)
        found = profile(reader, partners, partner, session.today)
    answer = Answer(
        table=lambda: partner_page(found),
        json=shape(profile_shape(found)),
        md=lambda: partner_markdown(found),
        xlsx=lambda: partner_workbook(found),
    )
    give(settings, reading, answer)
