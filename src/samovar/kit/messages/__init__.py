"""Mails, text messages and calls: promised in a transaction, sent after it.

    await kit.outgoing.send(tx, Mail(to="anya@example.org", subject="…", text="…"), expires_at=now + minutes)

The row is committed with the change that needs it, or not at all. A loop of each process hands it to the mail server or the
phone gateway outside any transaction, again and again until it is taken or has expired. A process that dies between the two
sends it twice at most, under the same `Message-ID`. A service that declares `sends_messages=True` has it.
"""

from samovar.kit.messages.outgoing import Call, Mail, Message, Outgoing, Sms

__all__ = ["Call", "Mail", "Message", "Outgoing", "Sms"]
