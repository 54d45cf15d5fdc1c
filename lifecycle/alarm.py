"""Whether the nightly check is owed at this moment: a question to be asked again and again.

Asked every quarter of an hour it needs no cron rule: an hour that a night in March does not have
has come with the next one, and one that a night in November has twice finds the day done.
"""

from datetime import date, datetime, timedelta

HOUR = 1
"""From which local hour on a day's check is run, unless the settings say otherwise."""

SKEW = timedelta(hours=1)
"""By how much the clocks of two hosts may differ without anybody being told."""


def is_owed(last: date | None, local: datetime, hour: int = HOUR) -> bool:
    """Whether to run the check, `last` completed for a day, at a local date and time.

    A last day that is still to come was another clock's, or this one's before it was set back. The
    check is to be run then too: it refuses, and says so where somebody sees it.
    """
    if last is None or last < local.date():
        return local.hour >= hour
    return last > (local + SKEW).date()
