"""What `lifecycle portfolio worklist` does: reads the worklist, and gives it in each form."""

from cli.output.answers import Answer, csv_of, give, shape
from cli.output.markdown import md_table, md_text
from cli.output.workbook import Sheet, workbook
from cli.output.worklist import (
    BURN_KEYS,
    KEYS,
    items_of,
    points_of,
    remaining_text,
    worklist_shape,
    worklist_text,
)
from cli.session import opened
from cli.settings import Reading, Settings
from lifecycle.reviewing.worklist import worklist


def show_worklist(settings: Settings, reading: Reading) -> None:
    """Print what is to be reclassified or sunset, and how that goes on."""
    with opened(settings) as session, session.store.reading() as reader:
        today = session.today
        policy = reader.policy(reader.policy_in_force(today))
        found = worklist(reader, policy, today)
    items, points = items_of(found, today), points_of(found)

    def md() -> str:
        left = md_table(KEYS, [[one[key] for key in KEYS] for one in items])
        burnt = md_table(BURN_KEYS, [[one[key] for key in BURN_KEYS] for one in points])
        said = md_text(remaining_text(found.burn_down))
        return f"# Worklist, {today}\n\n{said}\n\n{left}\n## Burn-down\n\n{burnt}"

    def xlsx() -> bytes:
        left = Sheet("Worklist", KEYS, [[one[key] for key in KEYS] for one in items])
        burnt = Sheet("Burn-down", BURN_KEYS, [[one[key] for key in BURN_KEYS] for one in points])
        return workbook([left, burnt])

    answer = Answer(
        table=lambda: worklist_text(found, policy, today),
        json=shape(worklist_shape(found, today)),
        csv=csv_of(KEYS, items),
        md=md,
        xlsx=xlsx,
    )
    give(settings, reading, answer)
