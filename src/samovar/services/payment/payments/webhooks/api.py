"""REST: what payment providers tell."""

from typing import Any

from litestar import Request

from samovar.kit.rest.answers import Answer
from samovar.kit.rest.client import address_of
from samovar.kit.routes import RateLimit, post
from samovar.services.payment.payments.webhooks.errors import PaymentUnknown, WebhookMalformed, WebhookRefused
from samovar.services.payment.payments.webhooks.use_cases import Webhooks

BODY_BYTES_MAX = 65_536
# A provider sends from a few addresses all that happens in a sale.
OFTEN = RateLimit(6_000)


@post(
    "/v1/payments/webhooks/yookassa",
    auth="provider",
    status=200,
    body="bytes",
    body_bytes_max=BODY_BYTES_MAX,
    rate_limit=OFTEN,
    raises=(WebhookMalformed, WebhookRefused, PaymentUnknown),
)
async def hear_yookassa(data: bytes, request: Request[Any, Any, Any], webhooks: Webhooks) -> None:
    """Take a notification of YooKassa, from its networks alone. It is acknowledged at once; then YooKassa is asked what is true."""
    await webhooks.hear_yookassa(data, address_of(request))


@post(
    "/v1/payments/webhooks/tbank",
    auth="provider",
    status=200,
    body="bytes",
    body_bytes_max=BODY_BYTES_MAX,
    media_type="text/plain",
    rate_limit=OFTEN,
    raises=(WebhookMalformed, WebhookRefused, PaymentUnknown),
)
async def hear_tbank(data: bytes, webhooks: Webhooks) -> Answer:
    """Take a notification of T-Bank, signed with the terminal's password. The answer is the `OK` that it waits for."""
    await webhooks.hear_tbank(data)
    return Answer(b"OK", media_type="text/plain")
