"""What can be wrong with a notification.

BadRequest
└── WebhookMalformed  400  payment.webhook_malformed  it is none of this provider's
Forbidden
└── WebhookRefused    403  payment.webhook_refused    it is not from this provider
NotFound
└── PaymentUnknown    404  payment.payment_unknown    it speaks of no payment of ours
"""

from samovar.kit.errors import BadRequest, Forbidden, NotFound


class WebhookMalformed(BadRequest):
    """It cannot be read as a notification of this provider."""

    code = "payment.webhook_malformed"


class WebhookRefused(Forbidden):
    """It comes from elsewhere, or is not signed as this provider signs."""

    code = "payment.webhook_refused"


class PaymentUnknown(NotFound):
    """It speaks of a payment that is none of ours."""

    code = "payment.payment_unknown"
