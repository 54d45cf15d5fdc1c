"""Seals what was written, at the end of a nightly check and with each look of the scheduler."""

from structlog.typing import FilteringBoundLogger

from cli.clock import going_on
from cli.session import Session
from lifecycle.errors import StoreError
from lifecycle.night import SealReport
from states.problem import InvalidInputError


def seal_after(session: Session, log: FilteringBoundLogger) -> SealReport:
    """Seal whatever waits, and report it; that it can't be sealed fails nothing, and is told.

    A log that has no key yet is told of quietly.
    """
    waiting = 0
    try:
        with session.store.reading() as reader:
            sealing = reader.sealing()
        waiting = sealing.waiting
        if sealing.key is None:
            why = f"the log of {session.code} has no key: lifecycle log key create"
            log.info("not sealed", why=why)
            return SealReport(waiting=waiting, why=why)
        # Only who has a key pays for what signs.
        from cli.keys import signer
        from lifecycle.sealing.seal import seal

        sealed = seal(session.store, signer(session), going_on(session.now))
    except (StoreError, InvalidInputError) as error:
        hint = getattr(error, "hint", None)
        log.error("not sealed", cause=str(error), hint=hint)  # noqa: TRY400 - it says what to do
        why = f"{error}; {hint}" if hint else str(error)
        return SealReport(waiting=waiting, why=why, failed=True)
    log.info("sealed", lines=sealed.new, covers=sealed.seal.size if sealed.seal else 0)
    covered = sealed.seal.size if sealed.seal else 0
    return SealReport(lines=sealed.new, covered=covered)


def seal_waiting(session: Session, log: FilteringBoundLogger) -> None:
    """Seal what people wrote since the last look; where nothing waits, nothing is said."""
    with session.store.reading() as reader:
        sealing = reader.sealing()
    if sealing.waiting and sealing.key is not None:
        seal_after(session, log)
