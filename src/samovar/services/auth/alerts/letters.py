"""What auth writes to people: mails to addresses, text messages to numbers, in the language of the account."""

from datetime import datetime
from typing import Any

from samovar.kit.database import Transaction
from samovar.kit.i18n import Catalogue, Language
from samovar.kit.messages import Mail, Outgoing, Sms
from samovar.services.auth.domain import Login


class Letters:
    """Writes letters.

    Args:
        origin: The platform's address, for links.
    """

    def __init__(self, outgoing: Outgoing, catalogue: Catalogue, *, origin: str) -> None:
        self._outgoing = outgoing
        self._catalogue = catalogue
        self._origin = origin

    async def send(
        self,
        tx: Transaction,
        letter: str,
        to: Login,
        language: Language,
        *,
        expires_at: datetime,
        **parameters: Any,
    ) -> None:
        """Send a letter once the transaction has committed.

        Args:
            tx: The transaction.
            letter: Its name: `letter.<name>.subject`, `.text` and `.sms` of the catalogue.
            to: An address or a number.
            language: The reader's.
            expires_at: After that it would be of no use.
            parameters: What its sentences need; moments are written by the reader's clock.
        """

        def text(part: str) -> str:
            return self._catalogue.text(
                f"letter.{letter}.{part}", language, origin=self._origin, **parameters
            )

        message = (
            Mail(to=to.value, subject=text("subject"), text=text("text"))
            if to.kind == "email"
            else Sms(to=to.value, text=text("sms"))
        )
        await self._outgoing.send(tx, message, expires_at=expires_at)

    def words(self, key: str, language: Language, **parameters: Any) -> str:
        """Return a phrase of the catalogue, to be put into a letter or beside one."""
        return self._catalogue.text(key, language, **parameters)
