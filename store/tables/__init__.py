"""The tables. `program_id` leads every key, so that several programs share one database.

Days are ISO text (YYYY-MM-DD) and digests lower-case hex in every database: they sort and compare
alike everywhere, stand in rows as they stand on log lines, and need no conversion. Lines and
documents are the exact UTF-8 text that was hashed. Money is a whole number of 1/10,000 units.

`entry`, `beside`, `document`, `attachment`, `policy`, `adoption`, `definition` and what seals are
made of (`leaf`, `tile`, `seal`, `signing_key`, `erasure`) are append-only, held by triggers
(`store.appendonly`); the others are projections that replay can rebuild.
"""

from store.tables.agreements import agreement, commitment, document, program, project, term
from store.tables.base import metadata
from store.tables.log import adoption, attachment, beside, definition, entry, policy
from store.tables.nights import mail, notice, run, watch
from store.tables.seals import erasure, leaf, seal, signing_key, tile, unsealed

APPEND_ONLY = (
    entry,
    beside,
    document,
    attachment,
    policy,
    adoption,
    definition,
    leaf,
    tile,
    seal,
    signing_key,
    erasure,
)
"""Tables whose rows are written once and never touched again."""

ERASABLE = (beside, document, attachment)
"""Those whose texts can be erased, after a line that says so."""

__all__ = [
    "APPEND_ONLY",
    "ERASABLE",
    "adoption",
    "agreement",
    "attachment",
    "beside",
    "commitment",
    "definition",
    "document",
    "entry",
    "erasure",
    "leaf",
    "mail",
    "metadata",
    "notice",
    "policy",
    "program",
    "project",
    "run",
    "seal",
    "signing_key",
    "term",
    "tile",
    "unsealed",
    "watch",
]
