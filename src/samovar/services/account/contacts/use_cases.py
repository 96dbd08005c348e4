"""What one can do with contacts: have a code sent, and send it back."""

from datetime import datetime, timedelta
from uuid import UUID

from samovar.kit.clock import Clock
from samovar.kit.database import Database, Transaction
from samovar.kit.errors import FieldError, InvalidInput
from samovar.kit.i18n import Language
from samovar.kit.identity import Caller, StepUpRequired
from samovar.kit.messages.addresses import NoAddress, country_of, normal_email, normal_phone
from samovar.kit.messages.phone import PhoneGateway
from samovar.services.account.activity.journal import Journal
from samovar.services.account.contacts import domain, repository
from samovar.services.account.contacts.codes import Codes
from samovar.services.account.contacts.domain import Kind, Method
from samovar.services.account.contacts.errors import (
    CodeExpired,
    CodeWrong,
    ContactMissing,
    ContactTaken,
    ContactVerifiedBefore,
    MethodNotOffered,
    PhoneCountryNotServed,
    PhoneHasNotCalled,
    TooManyCodes,
)
from samovar.services.account.contacts.letters import Letters
from samovar.services.account.contacts.pacing import Pacing
from samovar.services.account.contacts.repository import Held, SentCode
from samovar.services.account.contacts.schemas import CodeSent, Contact, EmailToVerify, PhoneToVerify
from samovar.services.account.contract.events import ContactRemoved, ContactVerified
from samovar.services.account.profiles.arrival import Arrival
from samovar.services.account.settings import AccountSettings
from samovar.services.auth.contract.events import AccountRegistered

DELETED_AT_ONCE_MAX = 1_000
CODES_KEPT_AFTER = timedelta(hours=1)
# A warning is still worth reading a day later.
WARNING_TTL = timedelta(days=1)
USUAL_LANGUAGE: Language = "ru"


class Verification:
    """Having codes sent."""

    def __init__(
        self,
        database: Database,
        *,
        settings: AccountSettings,
        codes: Codes,
        pacing: Pacing,
        arrival: Arrival,
        letters: Letters,
        clock: Clock,
    ) -> None:
        self._database = database
        self._settings = settings
        self._codes = codes
        self._pacing = pacing
        self._arrival = arrival
        self._letters = letters
        self._clock = clock

    async def begin(self, tx: Transaction, event: AccountRegistered) -> None:
        """Keep what somebody gave at registration, and send a code to their mail address at once."""
        now = self._clock.now()
        if event.phone:
            await repository.insert_contact(tx, event.account_id, "phone", event.phone, now)
        if not event.email or not await repository.insert_contact(
            tx, event.account_id, "email", event.email, now
        ):
            return
        # A replay of old events writes to nobody.
        if now - event.registered_at < domain.CODE_TTL:
            await self._send(
                tx, event.account_id, "email", "email", event.email, USUAL_LANGUAGE, sent_before=0
            )

    async def verify_email(
        self, caller: Caller, wanted: EmailToVerify, *, address: str, language: Language
    ) -> CodeSent:
        """Send a code to a mail address.

        Raises:
            InvalidInput: It is no address.
            ContactMissing: None is known, and none was given.
            ContactVerifiedBefore: The account has proved it.
            StepUpRequired: It is another one than the account has, and the caller signed in a while ago.
            TooManyCodes: Too many were asked for.
        """
        value = None
        if wanted.email is not None:
            try:
                value = normal_email(wanted.email)
            except NoAddress:
                raise _invalid("email") from None
        value = await self._allowed(caller, "email", value)
        _refuse_during_pause(
            await repository.find_code(self._database, caller.account_id, "email"), self._clock.now()
        )
        await self._pacing.count(caller.account_id, "email", value, address=address)
        return await self._send_now(caller.account_id, "email", "email", value, language, sent_before=0)

    async def verify_phone(
        self, caller: Caller, wanted: PhoneToVerify, *, address: str, language: Language
    ) -> CodeSent:
        """Send a code to a phone, or wait for its call.

        Raises:
            InvalidInput: There is no such number, method or country.
            ContactMissing: None is known, and none was given.
            ContactVerifiedBefore: The account has proved it.
            StepUpRequired: It is another one than the account has, and the caller signed in a while ago.
            TooManyCodes: Too many were asked for.
        """
        settings = self._settings
        value = None
        if wanted.phone is not None:
            try:
                value = normal_phone(wanted.phone, settings.phone_region)
            except NoAddress:
                raise _invalid("phone") from None
        value = await self._allowed(caller, "phone", value)
        if country_of(value) not in settings.phone_countries:
            raise PhoneCountryNotServed
        before = await repository.find_code(self._database, caller.account_id, "phone")
        sent_before = before.sent_count if before and before.value == value else 0
        offered = settings.methods_offered
        if wanted.method and wanted.method not in offered:
            raise MethodNotOffered
        method = wanted.method or domain.method_after(offered, sent_before)
        _refuse_during_pause(before, self._clock.now())
        await self._pacing.count(caller.account_id, "phone", value, address=address)
        return await self._send_now(
            caller.account_id, "phone", method, value, language, sent_before=sent_before
        )

    async def forget_old(self) -> None:
        """Delete codes that expired a while ago."""
        before = self._clock.now() - CODES_KEPT_AFTER
        deleted = DELETED_AT_ONCE_MAX
        while deleted == DELETED_AT_ONCE_MAX:
            async with self._database.transaction() as tx:
                deleted = await repository.delete_codes_before(tx, before, DELETED_AT_ONCE_MAX)

    async def _allowed(self, caller: Caller, kind: Kind, value: str | None) -> str:
        """Return the address that the caller may have a code sent to: the one given, or the one known."""
        held = await repository.find_contact(self._database, caller.account_id, kind)
        if held is None and value is None:
            await self._arrival.wait(caller.account_id)
            held = await repository.find_contact(self._database, caller.account_id, kind)
        value = value or (held.value if held else None)
        if value is None:
            raise ContactMissing
        if held and held.value == value:
            if held.verified_at:
                raise ContactVerifiedBefore
            return value
        # Once it is proved, one can sign in by it and have a new password sent to it.
        if self._clock.now() - caller.auth_time > domain.PROOF_OF_CHANGE_AGE_MAX:
            age_max_s = int(domain.PROOF_OF_CHANGE_AGE_MAX.total_seconds())
            raise StepUpRequired(max_age_s=age_max_s, acr="aal1")
        return value

    async def _send_now(
        self,
        account_id: UUID,
        kind: Kind,
        method: Method,
        value: str,
        language: Language,
        *,
        sent_before: int,
    ) -> CodeSent:
        language = await repository.find_language(self._database, account_id) or language
        async with self._database.transaction() as tx:
            sent = await self._send(tx, account_id, kind, method, value, language, sent_before=sent_before)
        return CodeSent(
            kind=kind,
            sent_to=domain.masked(kind, value),
            method=method,
            code_length=domain.digits_of(method),
            call_number=self._settings.reverse_call_number if method == "reverse_call" else None,
            expires_at=sent.expires_at,
            resend_after_s=int(domain.RESEND_PAUSE.total_seconds()),
            methods=("email",) if kind == "email" else self._settings.methods_offered,
        )

    async def _send(
        self,
        tx: Transaction,
        account_id: UUID,
        kind: Kind,
        method: Method,
        value: str,
        language: Language,
        *,
        sent_before: int,
    ) -> SentCode:
        """Send a code and keep what it is known by.

        Raises:
            TooManyCodes: One has just been sent; nothing of this transaction may stay.
        """
        now = self._clock.now()
        expires_at = now + domain.CODE_TTL
        code = self._codes.make(domain.digits_of(method))
        message_id = await self._letters.send_code(
            tx, method, value, code, language=language, expires_at=expires_at
        )
        sent = SentCode(
            value=value,
            method=method,
            code_hash=self._codes.hash(account_id, kind, value, code),
            message_id=message_id,
            tries_left=domain.tries_of(method),
            sent_count=sent_before + 1,
            sent_at=now,
            expires_at=expires_at,
        )
        if not await repository.put_code(tx, account_id, kind, sent, pause=domain.RESEND_PAUSE):
            raise TooManyCodes(retry_after_s=domain.RESEND_PAUSE.total_seconds())
        return sent


class Confirmation:
    """Sending codes back."""

    def __init__(
        self,
        database: Database,
        *,
        codes: Codes,
        phones: PhoneGateway | None,
        letters: Letters,
        journal: Journal,
        clock: Clock,
    ) -> None:
        self._database = database
        self._journal = journal
        self._codes = codes
        self._phones = phones
        self._letters = letters
        self._clock = clock

    async def confirm(self, caller: Caller, kind: Kind, typed: str | None) -> Contact:
        """Take a code back, and give the contact to whoever has proved it.

        Raises:
            CodeExpired: No code waits.
            CodeWrong: It is another one.
            PhoneHasNotCalled: A call was awaited, and has not come.
            ContactTaken: Another account has proved the same before.
        """
        account_id = caller.account_id
        waiting = await repository.find_code(self._database, account_id, kind)
        if waiting is None or not domain.is_open(waiting, self._clock.now()):
            raise CodeExpired
        if waiting.method == "reverse_call":
            if self._phones is None or not await self._phones.has_called(waiting.message_id):
                raise PhoneHasNotCalled
        elif typed is None:
            raise InvalidInput(fields=[FieldError("code", "missing", "a code was sent, and none came back")])
        async with self._database.transaction() as tx:
            now = self._clock.now()
            code = await repository.lock_code(tx, account_id, kind)
            if code is None or code.message_id != waiting.message_id or not domain.is_open(code, now):
                raise CodeExpired
            if code.method != "reverse_call" and not self._codes.matches(
                code.code_hash, account_id, kind, code.value, typed or ""
            ):
                await repository.count_wrong_try(tx, account_id, kind)
                refusal: CodeWrong | ContactTaken | None = CodeWrong(code.tries_left - 1)
            else:
                await repository.use_code_up(tx, account_id, kind)
                is_free = await self._give(tx, account_id, kind, code.value, now)
                refusal = None if is_free else ContactTaken()
        # Only after the commit: a guess counts, and a code is used up, whatever it led to.
        if refusal:
            raise refusal
        return Contact(kind=kind, value=code.value, verified=True, verified_at=now)

    async def _give(self, tx: Transaction, account_id: UUID, kind: Kind, value: str, now: datetime) -> bool:
        """Give a proven address to an account; false when another one has proved it before."""
        await repository.lock_value(tx, kind, value)
        owner = await repository.find_owner(tx, kind, value)
        if owner not in {None, account_id}:
            return False
        for other in await repository.take_from_others(tx, kind, value, account_id):
            await _publish_removed(tx, other, "claimed", now)
        former = await repository.find_contact(tx, account_id, kind)
        await repository.put_verified(tx, account_id, kind, value, now)
        await self._journal.note(tx, account_id, "contact_verified", params={"kind": kind})
        await tx.publish(ContactVerified(account_id=account_id, kind=kind, value=value, verified_at=now))
        if former and former.value != value:
            await _publish_removed(tx, former, "replaced", now)
            if former.verified_at:
                await self._warn(tx, former, value, now)
        return True

    async def _warn(self, tx: Transaction, former: Held, value: str, now: datetime) -> None:
        """Tell the former address, and of a phone also the mail address: a stolen phone reads its own warnings."""
        language = await repository.find_language(tx, former.account_id) or USUAL_LANGUAGE
        email = await repository.find_contact(tx, former.account_id, "email")
        addresses = [former.value]
        if former.kind == "phone" and email and email.verified_at:
            addresses.append(email.value)
        for address in addresses:
            await self._letters.tell_of_change(
                tx, former.kind, address, value, language=language, expires_at=now + WARNING_TTL
            )


async def _publish_removed(tx: Transaction, held: Held, reason: str, now: datetime) -> None:
    await tx.publish(
        ContactRemoved(
            account_id=held.account_id, kind=held.kind, value=held.value, reason=reason, removed_at=now
        )
    )


def _refuse_during_pause(last: SentCode | None, now: datetime) -> None:
    """Refuse another code too soon, before it counts: what was not sent uses up neither one's own codes nor those of an address.

    Raises:
        TooManyCodes: Says how long to wait yet.
    """
    left = domain.pause_left(last.sent_at if last else None, now).total_seconds()
    if left > 0:
        raise TooManyCodes(retry_after_s=left)


def _invalid(field: str) -> InvalidInput:
    return InvalidInput(fields=[FieldError(field, f"{field}_invalid", f"no such {field}")])
