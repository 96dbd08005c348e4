"""What one can do with consents."""

from datetime import datetime
from uuid import UUID

from samovar.kit.clock import Clock
from samovar.kit.database import Database, Transaction
from samovar.kit.i18n import Language
from samovar.services.account.consents import domain, repository
from samovar.services.account.consents.domain import PURPOSES, REQUIRED, Purpose, Text
from samovar.services.account.consents.errors import ConsentRequired, PurposeUnknown, TextVersionUnknown
from samovar.services.account.consents.repository import Entry, Standing
from samovar.services.account.consents.schemas import Consent, Consents, Decision, Wording
from samovar.services.account.consents.texts import Texts
from samovar.services.account.contract.events import ConsentGiven, ConsentWithdrawn
from samovar.services.auth.contract.events import AccountRegistered

BY_REGISTRATION = "registration"
BY_ACCOUNT = "account"


class Ledger:
    """The consents of people."""

    def __init__(self, database: Database, *, texts: Texts, clock: Clock) -> None:
        self._database = database
        self._texts = texts
        self._clock = clock

    async def begin(self, tx: Transaction, event: AccountRegistered) -> None:
        """Keep what somebody agreed to at registration; what nobody asks for is passed over.

        An event that comes late does not undo what the person has said since.
        """
        await repository.lock_ledger_of(tx, event.account_id)
        for said in event.consents:
            purpose = domain.purpose_of(said.purpose)
            if purpose and not await repository.find_standing(tx, event.account_id, purpose):
                text = self._known(purpose, said.text_version)
                await self._say_yes(
                    tx,
                    event.account_id,
                    purpose,
                    version=said.text_version,
                    text=text,
                    channel=BY_REGISTRATION,
                    address=None,
                    now=event.registered_at,
                )

    async def all(self, account_id: UUID) -> Consents:
        """Return where a person stands on every purpose."""
        standings = {one.purpose: one for one in await repository.list_standings(self._database, account_id)}
        return Consents(tuple(self._shown(purpose, standings.get(purpose)) for purpose in PURPOSES))

    async def one(self, account_id: UUID, purpose: str) -> Consent:
        """Return where a person stands on one purpose.

        Raises:
            PurposeUnknown: Nobody asks for it.
        """
        wanted = _existing(purpose)
        return next(one for one in (await self.all(account_id)).items if one.purpose == wanted)

    async def decide(self, account_id: UUID, purpose: str, decision: Decision, *, address: str) -> Consent:
        """Take a yes or a no; what is in force already is not written again.

        Raises:
            PurposeUnknown: Nobody asks for it.
            TextVersionUnknown: There is no such wording.
            ConsentRequired: It cannot be taken back while the account is there.
        """
        wanted = _existing(purpose)
        text = self._texts.find(wanted, decision.text_version)
        if not decision.given and wanted in REQUIRED:
            raise ConsentRequired
        async with self._database.transaction() as tx:
            await repository.lock_ledger_of(tx, account_id)
            now = self._clock.now()
            if decision.given:
                await self._say_yes(
                    tx,
                    account_id,
                    wanted,
                    version=text.version,
                    text=text,
                    channel=BY_ACCOUNT,
                    address=address,
                    now=now,
                )
            else:
                await self._say_no(tx, account_id, wanted, address=address, now=now)
            standing = await repository.find_standing(tx, account_id, wanted)
        return self._shown(wanted, standing)

    def wording(self, purpose: str, version: str | None, language: Language) -> Wording:
        """Return what people are asked to agree to.

        Raises:
            PurposeUnknown: Nobody asks for it.
            TextVersionUnknown: There is no such wording.
        """
        wanted = _existing(purpose)
        text = self._texts.find(wanted, version)
        return Wording(
            purpose=wanted,
            required=wanted in REQUIRED,
            version=text.version,
            language=language,
            text=text.texts[language],
            hash=text.hash.hex(),
        )

    async def _say_yes(
        self,
        tx: Transaction,
        account_id: UUID,
        purpose: Purpose,
        *,
        version: str | None,
        text: Text | None,
        channel: str,
        address: str | None,
        now: datetime,
    ) -> None:
        standing = await repository.find_standing(tx, account_id, purpose)
        if standing and standing.is_given and standing.text_version == version:
            return
        await repository.insert_entry(
            tx,
            Entry(
                account_id=account_id,
                purpose=purpose,
                is_given=True,
                text_version=version,
                text_hash=text.hash if text else None,
                channel=channel,
                address=address,
                happened_at=now,
            ),
        )
        await tx.publish(
            ConsentGiven(
                account_id=account_id, purpose=purpose, text_version=version, channel=channel, given_at=now
            )
        )

    async def _say_no(
        self, tx: Transaction, account_id: UUID, purpose: Purpose, *, address: str, now: datetime
    ) -> None:
        standing = await repository.find_standing(tx, account_id, purpose)
        if standing and standing.is_given:
            await repository.insert_entry(
                tx,
                Entry(
                    account_id=account_id,
                    purpose=purpose,
                    is_given=False,
                    text_version=standing.text_version,
                    text_hash=None,
                    channel=BY_ACCOUNT,
                    address=address,
                    happened_at=now,
                ),
            )
            await tx.publish(
                ConsentWithdrawn(account_id=account_id, purpose=purpose, channel=BY_ACCOUNT, withdrawn_at=now)
            )

    def _known(self, purpose: Purpose, version: str | None) -> Text | None:
        """Return the wording that a client named at registration; none where it named none, or one that we do not know."""
        try:
            return self._texts.find(purpose, version) if version else None
        except TextVersionUnknown:
            return None

    def _shown(self, purpose: Purpose, standing: Standing | None) -> Consent:
        return Consent(
            purpose=purpose,
            required=purpose in REQUIRED,
            given=standing is not None and standing.is_given,
            text_version=standing.text_version if standing and standing.is_given else None,
            current_version=self._texts.current(purpose).version,
            changed_at=standing.happened_at if standing else None,
        )


def _existing(text: str) -> Purpose:
    purpose = domain.purpose_of(text)
    if purpose is None:
        raise PurposeUnknown
    return purpose
