"""Recomputing: every line of a log judged once more, as it was judged when it was written.

A line says by what right something was done and what each guard said. Both are worked out again
from the log alone, with the very code that judges today's orders, and held against the line.

`archive` says what is asked of a log, wherever it is kept; `instants`, `flows` and `portfolio` work
out what the rest of the program looked like at a moment, as far as that can be known; `program` who
held which role and which policy was in force; `past` is the unit that answers from all of it.
`trials` sets a line up, and `judging` judges it: by the `tables` that it names, by what
its `shapes` and `days` can be, by `deeds` (the right) and `verdicts` (the guards), all held against
the line in `comparing`. `charter` judges the program's own lines; `courses` goes through a log's
streams, and `findings` says what is wrong with any of their lines.
"""
