"""REST: ways to pay."""

from typing import Annotated
from uuid import UUID

from msgspec import Meta

from samovar.kit.errors import InvalidInput
from samovar.kit.identity import Caller
from samovar.kit.money import AMOUNT_MAX
from samovar.kit.routes import RateLimit, delete, get
from samovar.services.payment.payments.instruments.errors import SavedMethodInUse, SavedMethodNotFound
from samovar.services.payment.payments.instruments.schemas import PaymentMethodsView
from samovar.services.payment.payments.instruments.use_cases import PaymentMethods

Country = Annotated[str, Meta(pattern=r"^[A-Z]{2}\Z", description="ISO 3166-1: where the player is.")]
Amount = Annotated[int, Meta(ge=1, le=AMOUNT_MAX, description="What is to be paid, kopecks.")]


@get("/v1/payment-methods", auth="player", raises=(InvalidInput,))
async def list_payment_methods(
    caller: Caller,
    payment_methods: PaymentMethods,
    country: Country | None = None,
    amount: Amount | None = None,
) -> PaymentMethodsView:
    """List the ways to pay that are open now, with what each takes at once, and one's kept instruments."""
    return await payment_methods.open_to(caller, country=country, amount=amount)


@delete(
    "/v1/payment-methods/{method_id:uuid}",
    auth="player",
    rate_limit=RateLimit(30, per_s=600, by="account"),
    raises=(SavedMethodNotFound, SavedMethodInUse),
)
async def forget_payment_method(method_id: UUID, caller: Caller, payment_methods: PaymentMethods) -> None:
    """Forget a kept instrument: nobody can pay with it any more."""
    await payment_methods.forget(caller, method_id)
