"""What people are written about their contacts, in their language."""

from datetime import datetime
from uuid import UUID

from samovar.kit.database import Transaction
from samovar.kit.i18n import Catalogue, Language
from samovar.kit.messages import Call, Mail, Outgoing, Sms
from samovar.services.account.contacts.domain import CODE_TTL, Kind, Method, masked


class Letters:
    """Writes to people, as part of a transaction."""

    def __init__(self, outgoing: Outgoing, catalogue: Catalogue) -> None:
        self._outgoing = outgoing
        self._catalogue = catalogue

    async def send_code(
        self,
        tx: Transaction,
        method: Method,
        to: str,
        code: str,
        *,
        language: Language,
        expires_at: datetime,
    ) -> UUID:
        """Send a code, and return the id of the message."""
        minutes = int(CODE_TTL.total_seconds() // 60)
        message: Mail | Sms | Call
        if method == "email":
            text = self._text("code_mail.text", language, code=code, minutes=str(minutes))
            message = Mail(to=to, subject=self._text("code_mail.subject", language), text=text)
        elif method == "sms":
            message = Sms(to=to, text=self._text("code_sms", language, code=code))
        else:
            message = Call(to=to, code=code, method=method)
        return await self._outgoing.send(tx, message, expires_at=expires_at)

    async def tell_of_change(
        self, tx: Transaction, kind: Kind, to: str, new: str, *, language: Language, expires_at: datetime
    ) -> None:
        """Tell the old address that another one has taken its place: whoever did that may not be its owner."""
        known = masked(kind, new)
        if "@" in to:
            message: Mail | Sms = Mail(
                to=to,
                subject=self._text(f"{kind}_changed.subject", language),
                text=self._text(f"{kind}_changed.text", language, new=known),
            )
        else:
            message = Sms(to=to, text=self._text("phone_changed_sms", language, new=known))
        await self._outgoing.send(tx, message, expires_at=expires_at)

    def _text(self, key: str, language: Language, **params: str) -> str:
        return self._catalogue.text(f"account.letters.{key}", language, **params)
