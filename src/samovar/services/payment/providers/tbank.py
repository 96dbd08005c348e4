"""T-Bank's acquiring, API v2 (developer.tbank.ru/eacq).

Every answer is HTTP 200; what is wrong stands in `ErrorCode`. `Init` has no key: a second one is a second payment. So whoever does not know
whether it was heard asks `CheckOrder`, by our own id, and only where there is nothing makes it anew. `Cancel` has one: `ExternalRequestId`.
"""

import hashlib
import hmac
from collections.abc import AsyncIterator, Mapping
from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID

import aiohttp
import msgspec

from samovar.kit.money import Money
from samovar.kit.settings import Secret
from samovar.services.payment.providers.calls import Answer, Calls
from samovar.services.payment.providers.port import (
    Confirmation,
    Declined,
    Done,
    MethodTerms,
    NewPayment,
    NotMade,
    PaymentOutcome,
    Pending,
    RefundOutcome,
    RegisterRow,
    RemotePayment,
    RemoteRefund,
    RemoteStatus,
    Unknown,
)

NAME = "tbank"
CURRENCY = "RUB"
METHODS: Final = (
    MethodTerms(method="card", least=100, most=35_000_000, has_hold=True),
    MethodTerms(method="sbp", least=1_000, most=100_000_000),
    MethodTerms(method="tpay", least=100, most=35_000_000, has_hold=True),
)
_STATUSES: Final[Mapping[str, RemoteStatus]] = {
    **dict.fromkeys(
        (
            "NEW",
            "FORM_SHOWED",
            "PREAUTHORIZING",
            "AUTHORIZING",
            # The player may try another card until the attempts are over.
            "AUTH_FAIL",
            "3DS_CHECKING",
            "3DS_CHECKED",
            "PAY_CHECKING",
            "CONFIRMING",
            "CONFIRM_CHECKING",
            "REVERSING",
        ),
        "pending",
    ),
    **dict.fromkeys(("AUTHORIZED", "PARTIAL_REVERSED"), "authorised"),
    **dict.fromkeys(
        ("CONFIRMED", "REFUNDING", "ASYNC_REFUNDING", "PARTIAL_REFUNDED", "REFUNDED"), "captured"
    ),
    **dict.fromkeys(("CANCELED", "DEADLINE_EXPIRED", "ATTEMPTS_EXPIRED", "REVERSED", "REJECTED"), "canceled"),
}
_CODES: Final[Mapping[str, str]] = {
    "106": "three_d_secure_failed",
    "1005": "declined",
    "1033": "card_expired",
    "1051": "insufficient_funds",
    "1059": "fraud_suspected",
    "1061": "limit_exceeded",
    "1065": "limit_exceeded",
    "1082": "invalid_card",
    "1091": "issuer_unavailable",
    "1096": "issuer_unavailable",
}
_ENDED: Final[Mapping[str, str]] = {
    "DEADLINE_EXPIRED": "expired",
    "ATTEMPTS_EXPIRED": "declined",
    "CANCELED": "canceled",
    "REVERSED": "canceled",
}
# The terminal or the signature is wrong: it is about who asks.
_ABOUT_WHO_ASKS: Final = frozenset({"202", "204", "205", "501"})
# Their own trouble: it may have been done.
_THEIR_TROUBLE: Final = frozenset({"99", "999", "1030", "9999"})
_NO_ORDER: Final = frozenset({"255", "335"})
_OK = 200
_RANK: Final[Mapping[RemoteStatus, int]] = {"captured": 3, "authorised": 2, "pending": 1, "canceled": 0}


class _Said(msgspec.Struct, frozen=True, rename="pascal"):
    success: bool
    error_code: str
    status: str | None = None
    payment_id: str | int | None = None
    order_id: str | None = None
    amount: int | None = None
    payment_url: str | None = msgspec.field(default=None, name="PaymentURL")
    data: str | None = None
    payments: list["_Listed"] | None = None


class _Listed(msgspec.Struct, frozen=True, rename="pascal"):
    payment_id: str | int
    amount: int
    status: str
    error_code: str = "0"


class TBank:
    """One terminal at T-Bank.

    Args:
        session: See `calls.open_session`.
        url: Where the API is.
        terminal_key: The terminal.
        password: Its password: it signs, and is never sent.
    """

    name = NAME
    cancels_pending = True
    methods = METHODS

    def __init__(
        self, session: aiohttp.ClientSession, *, url: str, terminal_key: str, password: Secret
    ) -> None:
        self._calls = Calls(session, url)
        self._terminal_key = terminal_key
        self._password = password

    def is_genuine(self, body: Mapping[str, Any]) -> bool:
        """Return whether a notification is signed with the password and of this terminal."""
        token = body.get("Token")
        return (
            isinstance(token, str)
            and body.get("TerminalKey") == self._terminal_key
            and hmac.compare_digest(token.lower().encode(), token_of(body, self._password).encode())
        )

    async def create(self, new: NewPayment, key: UUID) -> PaymentOutcome:
        """Make a payment, unless an earlier call has."""
        del key
        found = await self._found(new) if new.is_repeated else None
        if found is not None:
            return found
        said = await self._init(new)
        if isinstance(said, Unknown | NotMade):
            return Unknown(said.reason) if new.is_repeated else said
        if said.success:
            return await self._with_qr(str(said.payment_id), new) if new.method == "sbp" else _outcome(said)
        if said.error_code in _THEIR_TROUBLE:
            return await self._found(new) or NotMade(f"ErrorCode {said.error_code}", is_answer=True)
        return _refusal(said)

    async def get(self, remote_id: str) -> PaymentOutcome:
        """Return a payment as it is now."""
        return _payment(await self._ask("GetState", PaymentId=remote_id))

    async def capture(self, remote_id: str, amount: Money, key: UUID) -> PaymentOutcome:
        """Take what is held; a second time it is refused, which changes nothing."""
        del key
        return _payment(await self._ask("Confirm", PaymentId=remote_id, Amount=amount.amount), amount)

    async def cancel(self, remote_id: str, key: UUID) -> PaymentOutcome:
        """Let go of what is held, or of what nobody has paid."""
        return _payment(await self._ask("Cancel", PaymentId=remote_id, ExternalRequestId=str(key)))

    async def refund(self, remote_id: str, refund_id: UUID, amount: Money, key: UUID) -> RefundOutcome:
        """Send captured money back."""
        del refund_id
        return await self._refund(remote_id, str(key), amount)

    async def get_refund(self, remote_id: str, remote_refund_id: str, amount: Money) -> RefundOutcome:
        """Return a refund as it is now: the same request again tells."""
        return await self._refund(remote_id, remote_refund_id, amount)

    def register(self, since: datetime, until: datetime) -> AsyncIterator[RegisterRow] | None:
        """Return nothing: the acquiring has no list of movements."""
        del since, until
        return None

    async def _refund(self, remote_id: str, request_id: str, amount: Money) -> RefundOutcome:
        said = await self._ask(
            "Cancel", PaymentId=remote_id, Amount=amount.amount, ExternalRequestId=request_id
        )
        if isinstance(said, NotMade | Unknown):
            return said
        if not said.success:
            refusal = _refusal(said)
            return (
                Declined("refund_refused") if isinstance(refusal, NotMade) and refusal.is_answer else refusal
            )
        if said.status in {"REFUNDED", "PARTIAL_REFUNDED"}:
            return Done(RemoteRefund(id=request_id, status="done", amount=amount))
        if said.status in {"ASYNC_REFUNDING", "REFUNDING"}:
            return Pending(RemoteRefund(id=request_id, status="pending", amount=amount))
        if said.status == "CONFIRMED":
            return Declined("refund_refused")
        return Unknown(f"the status {said.status}"[:100])

    async def _init(self, new: NewPayment) -> _Said | NotMade | Unknown:
        has_hold = next(terms.has_hold for terms in METHODS if terms.method == new.method)
        return await self._ask(
            "Init",
            Amount=new.amount.amount,
            OrderId=str(new.id),
            Description=new.description,
            PayType="T" if has_hold else "O",
            Language="ru",
            NotificationURL=new.notify_url,
            SuccessURL=new.return_url,
            FailURL=new.return_url,
            RedirectDueDate=new.expires_at.astimezone(UTC).isoformat(timespec="seconds"),
        )

    async def _found(self, new: NewPayment) -> PaymentOutcome | None:
        """Return the payment that an earlier call has made; none where it is certain that there is none."""
        listed = await self._listed(new)
        if isinstance(listed, Unknown):
            return listed
        if not listed:
            return None
        best = max(listed, key=lambda one: _RANK[_STATUSES.get(one.status, "pending")])
        if _STATUSES.get(best.status) in {"captured", "authorised"}:
            return await self.get(str(best.payment_id))
        if new.method == "sbp":
            return await self._with_qr(str(best.payment_id), new)
        # Its address was lost with the answer, so nobody can pay it: it makes room for another one.
        canceled = await self._ask("Cancel", PaymentId=str(best.payment_id), ExternalRequestId=str(new.id))
        is_gone = isinstance(canceled, _Said) and canceled.success
        return None if is_gone else Unknown("a payment whose address was lost could not be canceled")

    async def _listed(self, new: NewPayment) -> list[_Listed] | Unknown:
        """Return what there is by our id, but for what came to nothing."""
        said = await self._ask("CheckOrder", OrderId=str(new.id))
        if isinstance(said, NotMade | Unknown):
            return Unknown(said.reason)
        if not said.success and said.error_code not in _NO_ORDER:
            return Unknown(f"CheckOrder answers {said.error_code}")
        return [one for one in said.payments or () if _STATUSES.get(one.status, "pending") != "canceled"]

    async def _with_qr(self, remote_id: str, new: NewPayment) -> PaymentOutcome:
        said = await self._ask("GetQr", PaymentId=remote_id, DataType="PAYLOAD")
        if isinstance(said, NotMade | Unknown) or not said.success or not said.data:
            return Unknown("there is a payment and no QR code yet")
        return Pending(
            RemotePayment(
                id=remote_id,
                status="pending",
                amount=new.amount,
                payment_id=new.id,
                confirmation=Confirmation("qr", said.data),
            )
        )

    async def _ask(self, name: str, **values: str | int) -> _Said | NotMade | Unknown:
        body: dict[str, Any] = {"TerminalKey": self._terminal_key, **values}
        answer = await self._calls.ask(
            "POST", f"/{name}", body=body | {"Token": token_of(body, self._password)}
        )
        if not isinstance(answer, Answer):
            return answer
        if answer.status != _OK:
            return Unknown(f"it answers {answer.status}")
        try:
            return msgspec.json.decode(answer.body, type=_Said, strict=False)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            return Unknown(f"malformed: {error}"[:200])


def token_of(body: Mapping[str, Any], password: Secret) -> str:
    """Return the signature of a request or a notification.

    SHA-256 of the values of its root and of the password, in the order of their names; what is nested does not count.
    """
    values = {
        name: value
        for name, value in body.items()
        if name != "Token" and value is not None and not isinstance(value, dict | list)
    }
    values["Password"] = password.reveal()
    text = "".join(_text(values[name]) for name in sorted(values))
    return hashlib.sha256(text.encode()).hexdigest()


def _text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _payment(said: _Said | NotMade | Unknown, captured: Money | None = None) -> PaymentOutcome:
    if isinstance(said, NotMade | Unknown):
        return said
    # A payment that the bank declined answers with the code of that and yet tells its state.
    if not said.success and _STATUSES.get(said.status or "") != "canceled":
        return _refusal(said)
    return _outcome(said, captured)


def _refusal(said: _Said) -> NotMade | Unknown:
    if said.error_code in _THEIR_TROUBLE:
        return Unknown(f"ErrorCode {said.error_code}")
    return NotMade(f"ErrorCode {said.error_code}", is_answer=said.error_code not in _ABOUT_WHO_ASKS)


def _outcome(said: _Said, captured: Money | None = None) -> PaymentOutcome:
    status = _STATUSES.get(said.status or "")
    amount = captured.amount if said.amount is None and captured else said.amount
    if status is None or amount is None or amount <= 0 or not said.payment_id:
        return Unknown(f"the status {said.status}, the amount {amount}"[:100])
    money = Money(amount, CURRENCY)
    remote = RemotePayment(
        id=str(said.payment_id),
        status=status,
        amount=money,
        payment_id=_our_id(said.order_id),
        captured=money if status == "captured" else None,
        confirmation=Confirmation("redirect", said.payment_url) if said.payment_url else None,
        code=_ENDED.get(said.status or "") or _CODES.get(said.error_code, "declined")
        if status == "canceled"
        else None,
    )
    if status == "canceled":
        return Declined(remote.code or "declined", remote)
    return Pending(remote) if status == "pending" else Done(remote)


def _our_id(order_id: str | None) -> UUID | None:
    try:
        return UUID(order_id or "")
    except ValueError:
        return None
