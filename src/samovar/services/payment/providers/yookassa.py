"""YooKassa, API v3 (yookassa.ru/developers/api).

An answer of 500, 202, a redirect or none at all leaves the outcome open: the same `Idempotence-Key` goes again. 400 is an answer to what
was asked; 401, 403 and 429 are about who asks, so nothing was done by this call, but an earlier one may have worked.
"""

from base64 import b64encode
from collections.abc import AsyncIterator, Mapping
from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID

import aiohttp
import msgspec

from samovar.kit.errors import Unavailable
from samovar.kit.money import Money
from samovar.kit.settings import Secret
from samovar.services.payment.providers.amounts import from_value, to_value
from samovar.services.payment.providers.calls import Answer, Calls
from samovar.services.payment.providers.port import (
    Confirmation,
    Declined,
    Done,
    Instrument,
    MethodTerms,
    NewPayment,
    NotMade,
    PaymentOutcome,
    PayMethod,
    Pending,
    RefundOutcome,
    RegisterRow,
    RemotePayment,
    RemoteRefund,
    RemoteStatus,
    Unknown,
)

NAME = "yookassa"
TYPES: Final[Mapping[PayMethod, str]] = {
    "card": "bank_card",
    "sbp": "sbp",
    "sberpay": "sberbank",
    "tpay": "tinkoff_bank",
}
# Minor units (yookassa.ru/developers/payment-acceptance/getting-started/payment-methods).
METHODS: Final = (
    MethodTerms(method="sbp", least=100, most=70_000_000, can_save=True),
    MethodTerms(method="card", least=100, most=35_000_000, has_hold=True, can_save=True),
    MethodTerms(method="sberpay", least=100, most=100_000_000, can_save=True),
    MethodTerms(method="tpay", least=100, most=100_000_000, can_save=True),
)
_STATUSES: Final[Mapping[str, RemoteStatus]] = {
    "pending": "pending",
    "waiting_for_capture": "authorised",
    "succeeded": "captured",
    "canceled": "canceled",
}
# yookassa.ru/developers/payment-acceptance/after-the-payment/declined-payments; what is not here is `declined`.
CODES: Final[Mapping[str, str]] = {
    "insufficient_funds": "insufficient_funds",
    "expired_on_confirmation": "expired",
    "expired_on_capture": "expired",
    "canceled_by_merchant": "canceled",
    "3d_secure_failed": "three_d_secure_failed",
    "card_expired": "card_expired",
    "country_forbidden": "country_forbidden",
    "fraud_suspected": "fraud_suspected",
    "identification_required": "identification_required",
    "internal_timeout": "provider_unavailable",
    "invalid_card_number": "invalid_card",
    "invalid_csc": "invalid_card",
    "issuer_unavailable": "issuer_unavailable",
    "payment_method_limit_exceeded": "limit_exceeded",
    "payment_method_restricted": "method_restricted",
    "permission_revoked": "permission_revoked",
    "unsupported_mobile_operator": "method_restricted",
    "rejected_by_payee": "rejected_by_payee",
}
_OK = 200
_ABOUT_WHO_ASKS = frozenset({401, 403, 429})
_BAD_REQUEST = 400
_SERVER_ERROR = 500
_PAGES_MAX = 10_000
_KEY = b"Idempotence-Key"


class _Amount(msgspec.Struct, frozen=True):
    value: str
    currency: str

    def money(self) -> Money:
        return from_value(self.value, self.currency)


class _Confirmation(msgspec.Struct, frozen=True):
    type: str
    confirmation_url: str | None = None
    confirmation_data: str | None = None


class _Card(msgspec.Struct, frozen=True):
    last4: str | None = None
    card_type: str | None = None


class _Method(msgspec.Struct, frozen=True):
    type: str
    id: str = ""
    saved: bool = False
    title: str | None = None
    card: _Card | None = None


class _Cancellation(msgspec.Struct, frozen=True):
    party: str = ""
    reason: str = ""


class _Payment(msgspec.Struct, frozen=True):
    id: str
    status: str
    amount: _Amount
    metadata: dict[str, Any] | None = None
    income_amount: _Amount | None = None
    refunded_amount: _Amount | None = None
    confirmation: _Confirmation | None = None
    payment_method: _Method | None = None
    cancellation_details: _Cancellation | None = None


class _Refund(msgspec.Struct, frozen=True):
    id: str
    status: str
    amount: _Amount
    payment_id: str = ""
    cancellation_details: _Cancellation | None = None


class _Page(msgspec.Struct, frozen=True):
    items: list[dict[str, Any]]
    next_cursor: str | None = None


class YooKassa:
    """One shop at YooKassa.

    Args:
        session: See `calls.open_session`.
        url: Where the API is.
        shop_id: The shop.
        secret_key: Its key.
    """

    name = NAME
    # What nobody has paid runs out there by itself.
    cancels_pending = False
    methods = METHODS

    def __init__(self, session: aiohttp.ClientSession, *, url: str, shop_id: str, secret_key: Secret) -> None:
        token = b64encode(f"{shop_id}:{secret_key.reveal()}".encode()).decode()
        self._calls = Calls(session, url, {"Authorization": f"Basic {token}"})

    async def create(self, new: NewPayment, key: UUID) -> PaymentOutcome:
        """Make a payment. The receipt is made at our own register, so none is ordered here."""
        body: dict[str, Any] = {
            "amount": _amount(new.amount),
            "capture": not next(terms.has_hold for terms in METHODS if terms.method == new.method),
            "description": new.description,
            "metadata": {"payment_id": str(new.id)},
            "merchant_customer_id": str(new.customer),
        }
        if new.token:
            body["payment_method_id"] = new.token
        else:
            body["payment_method_data"] = {"type": TYPES[new.method]}
            body["confirmation"] = (
                {"type": "qr", "locale": "ru_RU"}
                if new.method == "sbp"
                else {"type": "redirect", "return_url": new.return_url, "locale": "ru_RU"}
            )
            if new.save_method:
                body["save_payment_method"] = True
        return _payment(await self._post("/payments", body, key))

    async def get(self, remote_id: str) -> PaymentOutcome:
        """Return a payment as it is now."""
        return _payment(await self._calls.ask("GET", f"/payments/{remote_id}"))

    async def capture(self, remote_id: str, amount: Money, key: UUID) -> PaymentOutcome:
        """Take what is held."""
        return _payment(await self._post(f"/payments/{remote_id}/capture", {"amount": _amount(amount)}, key))

    async def cancel(self, remote_id: str, key: UUID) -> PaymentOutcome:
        """Let go of what is held."""
        return _payment(await self._post(f"/payments/{remote_id}/cancel", {}, key))

    async def refund(self, remote_id: str, refund_id: UUID, amount: Money, key: UUID) -> RefundOutcome:
        """Send captured money back."""
        body = {
            "payment_id": remote_id,
            "amount": _amount(amount),
            "description": f"Возврат {refund_id}",
        }
        answer = await self._post("/refunds", body, key)
        outcome = _refund(answer)
        if isinstance(outcome, NotMade) and outcome.is_answer:
            # It read what was asked and says no: more than is left, too late, no such payment.
            return Declined("refund_refused")
        return outcome

    async def get_refund(self, remote_id: str, remote_refund_id: str, amount: Money) -> RefundOutcome:
        """Return a refund as it is now."""
        del remote_id, amount
        return _refund(await self._calls.ask("GET", f"/refunds/{remote_refund_id}"))

    async def register(self, since: datetime, until: datetime) -> AsyncIterator[RegisterRow]:
        """Yield what was captured and refunded in a span of time.

        Raises:
            Unavailable: It cannot be read to its end.
        """
        async for item in self._list("/payments", "captured_at", since, until):
            row = msgspec.convert(item, _Payment)
            yield RegisterRow(kind="payment", id=row.id, amount=row.amount.money())
        async for item in self._list("/refunds", "created_at", since, until):
            refund = msgspec.convert(item, _Refund)
            yield RegisterRow(kind="refund", id=refund.id, amount=refund.amount.money())

    async def _list(
        self, path: str, moment: str, since: datetime, until: datetime
    ) -> AsyncIterator[dict[str, Any]]:
        query = {
            f"{moment}.gte": _moment(since),
            f"{moment}.lt": _moment(until),
            "status": "succeeded",
            "limit": "100",
        }
        for _ in range(_PAGES_MAX):
            answer = await self._calls.ask("GET", path, query=query)
            if not isinstance(answer, Answer) or answer.status != _OK:
                raise Unavailable(f"{NAME}: its register cannot be read")
            try:
                page = msgspec.json.decode(answer.body, type=_Page)
            except (msgspec.DecodeError, UnicodeDecodeError) as error:
                raise Unavailable(f"{NAME}: its register is malformed") from error
            for item in page.items:
                yield item
            if not page.next_cursor:
                return
            query["cursor"] = page.next_cursor
        raise Unavailable(f"{NAME}: its register has no end")

    async def _post(self, path: str, body: dict[str, Any], key: UUID) -> Answer | NotMade | Unknown:
        return await self._calls.ask("POST", path, body=body, headers={"Idempotence-Key": str(key)})


def _fault(answer: Answer | NotMade | Unknown) -> NotMade | Unknown | None:
    """Return what an answer that is no object means."""
    if not isinstance(answer, Answer):
        return answer
    if answer.status == _OK:
        return None
    if answer.status in _ABOUT_WHO_ASKS:
        return NotMade(f"{answer.status}: {_words(answer.body)}", is_answer=False)
    if answer.status == _BAD_REQUEST and _KEY in answer.body:
        # The key was used with another request: this one was not made, and nobody says what became of that one.
        return Unknown(f"{answer.status}: {_words(answer.body)}")
    if _BAD_REQUEST <= answer.status < _SERVER_ERROR:
        return NotMade(f"{answer.status}: {_words(answer.body)}", is_answer=True)
    return Unknown(f"it answers {answer.status}")


def _payment(answer: Answer | NotMade | Unknown) -> PaymentOutcome:
    fault = _fault(answer)
    if fault or not isinstance(answer, Answer):
        return fault or Unknown("no answer")
    try:
        said = msgspec.json.decode(answer.body, type=_Payment)
        remote = _remote(said)
    except (msgspec.DecodeError, ValueError, UnicodeDecodeError) as error:
        return Unknown(f"malformed: {error}"[:200])
    if remote.status == "canceled":
        return Declined(remote.code or "declined", remote)
    return Pending(remote) if remote.status == "pending" else Done(remote)


def _remote(said: _Payment) -> RemotePayment:
    status = _STATUSES.get(said.status)
    if status is None or not said.id:
        raise ValueError(f"the status {said.status[:32]!r}")
    amount = said.amount.money()
    if not amount.amount:
        raise ValueError("an amount of nothing")
    cancellation = said.cancellation_details
    return RemotePayment(
        id=said.id,
        status=status,
        amount=amount,
        payment_id=_our_id(said.metadata),
        captured=amount if status == "captured" else None,
        refunded=said.refunded_amount.money() if said.refunded_amount else None,
        income=said.income_amount.money() if said.income_amount else None,
        confirmation=_confirmation(said.confirmation),
        instrument=_instrument(said.payment_method),
        code=CODES.get(cancellation.reason, "declined") if cancellation else None,
    )


def _refund(answer: Answer | NotMade | Unknown) -> RefundOutcome:
    fault = _fault(answer)
    if fault or not isinstance(answer, Answer):
        return fault or Unknown("no answer")
    try:
        said = msgspec.json.decode(answer.body, type=_Refund)
        amount = said.amount.money()
    except (msgspec.DecodeError, ValueError, UnicodeDecodeError) as error:
        return Unknown(f"malformed: {error}"[:200])
    match said.status:
        case "succeeded":
            return Done(RemoteRefund(id=said.id, status="done", amount=amount))
        case "pending":
            return Pending(RemoteRefund(id=said.id, status="pending", amount=amount))
        case "canceled":
            reason = said.cancellation_details.reason if said.cancellation_details else ""
            code = CODES.get(reason, "declined")
            return Declined(code, RemoteRefund(id=said.id, status="declined", amount=amount, code=code))
        case other:
            return Unknown(f"the status {other[:32]!r}")


def _confirmation(said: _Confirmation | None) -> Confirmation | None:
    if said and said.type == "qr" and said.confirmation_data:
        return Confirmation("qr", said.confirmation_data)
    return Confirmation("redirect", said.confirmation_url) if said and said.confirmation_url else None


def _instrument(said: _Method | None) -> Instrument | None:
    if said is None or not said.saved or not said.id:
        return None
    title = said.title or (f"•• {said.card.last4}" if said.card and said.card.last4 else said.type)
    return Instrument(token=said.id, title=title)


def _our_id(metadata: dict[str, Any] | None) -> UUID | None:
    try:
        return UUID(str((metadata or {})["payment_id"]))
    except (KeyError, ValueError):
        return None


def _amount(money: Money) -> dict[str, str]:
    return {"value": to_value(money), "currency": money.currency}


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _words(body: bytes) -> str:
    """Return what an error says, for the log: its code and the field, never what was sent."""
    try:
        said = msgspec.json.decode(body, type=dict[str, Any])
    except (msgspec.DecodeError, UnicodeDecodeError):
        return "no words"
    return f"{said.get('code')} {said.get('parameter') or ''}".strip()[:100]
