"""What people are written about their data, in their language."""

from datetime import datetime, timedelta

from samovar.kit.database import Transaction
from samovar.kit.i18n import Catalogue, Language
from samovar.kit.messages import Mail, Outgoing
from samovar.services.account.personal_data.repository import Reached

USUAL_LANGUAGE: Language = "ru"
WORTH_READING = timedelta(days=2)


class Letters:
    """Writes to people, as part of a transaction."""

    def __init__(self, outgoing: Outgoing, catalogue: Catalogue) -> None:
        self._outgoing = outgoing
        self._catalogue = catalogue

    async def send(
        self, tx: Transaction, reached: Reached, what: str, now: datetime, **days: datetime
    ) -> None:
        """Write to a person who has a mail address.

        Args:
            tx: The transaction of what is told.
            reached: Where to.
            what: `export_ready`, `erasure_requested`, `erasure_canceled` or `erased`.
            now: The present moment.
            days: Days that the text names.
        """
        if reached.email is None:
            return
        language = reached.language or USUAL_LANGUAGE
        shown = {name: day.date() for name, day in days.items()}
        subject, text = (
            self._catalogue.text(f"account.letters.{what}.{part}", language, **shown)
            for part in ("subject", "text")
        )
        mail = Mail(to=reached.email, subject=subject, text=text)
        await self._outgoing.send(tx, mail, expires_at=now + WORTH_READING)
