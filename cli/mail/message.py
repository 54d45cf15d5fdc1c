"""A digest as a mail: its headers and its text, the same bytes at every attempt.

Text that people wrote can add no header and act on no terminal. The Message-ID is the digest's own,
so that a second copy is known as one by whoever keeps the mail.
"""

import re
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP

from cli.mail.settings import MailSettings
from cli.output.text import clean, one_line
from store.outbox import Mail


def message_id(settings: MailSettings, mail: str, code: str) -> str:
    """Return the Message-ID of a mail of this id in a program."""
    plain = re.sub(r"[^A-Za-z0-9.-]", "-", mail)
    return f"<{plain}@{code.lower()}.{settings.sender_domain}>"


def composed(settings: MailSettings, mail: Mail, address: str, code: str) -> bytes:
    """Return a mail to an address, as it goes to the server."""
    message = EmailMessage(policy=SMTP)
    message["From"] = Address(settings.sender_name, addr_spec=settings.sender)
    message["To"] = address
    message["Date"] = datetime.fromisoformat(mail.made_at)
    message["Message-ID"] = message_id(settings, mail.id, code)
    message["Auto-Submitted"] = "auto-generated"
    message["Subject"] = one_line(mail.subject)
    # Short lines in ASCII, whatever the text: every server on the way takes them.
    message.set_content(clean(mail.body), cte="quoted-printable")
    return message.as_bytes()
