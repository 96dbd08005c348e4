"""How one can pay here and now, and what was kept for next time."""

from uuid import UUID

from samovar.kit.database import Database
from samovar.kit.identity import Caller
from samovar.kit.money import Money
from samovar.services.payment.payments.instruments import repository
from samovar.services.payment.payments.instruments.domain import METHODS_MAX
from samovar.services.payment.payments.instruments.errors import SavedMethodInUse, SavedMethodNotFound
from samovar.services.payment.payments.instruments.schemas import (
    MethodView,
    PaymentMethodsView,
    SavedMethodView,
)
from samovar.services.payment.providers.routing import Router

CURRENCY = "RUB"
# Whose banks have these methods; elsewhere the wallet alone is left.
COUNTRIES = frozenset({"RU"})


class PaymentMethods:
    """Ways to pay."""

    def __init__(self, database: Database, *, router: Router, country: str) -> None:
        self._database = database
        self._router = router
        self._country = country

    async def open_to(self, caller: Caller, *, country: str | None, amount: int | None) -> PaymentMethodsView:
        """Return how the caller can pay.

        Args:
            caller: Who pays.
            country: Where they are; where they do not say, the country of the installation.
            amount: What is to be paid, minor units: methods that do not take it are left out.
        """
        methods = [MethodView(method="wallet")]
        if (country or self._country) in COUNTRIES:
            for method, offers in self._router.terms().items():
                fitting = [
                    terms
                    for terms in offers
                    if terms.currency == CURRENCY and (amount is None or terms.least <= amount <= terms.most)
                ]
                if fitting:
                    methods.append(
                        MethodView(
                            method=method,
                            least=Money(min(terms.least for terms in fitting), CURRENCY),
                            most=Money(max(terms.most for terms in fitting), CURRENCY),
                            can_save=any(terms.can_save for terms in fitting),
                        )
                    )
        saved = await repository.methods_of(self._database, caller.account_id, METHODS_MAX)
        shown = {view.method for view in methods}
        return PaymentMethodsView(
            methods=methods, saved=[SavedMethodView.of(one) for one in saved if one.method in shown]
        )

    async def forget(self, caller: Caller, method_id: UUID) -> None:
        """Forget a kept instrument.

        Raises:
            SavedMethodNotFound: The caller has no such one.
            SavedMethodInUse: A payment with it is just being made.
        """
        async with self._database.transaction() as tx:
            if await repository.delete_method(tx, caller.account_id, method_id):
                return
            # Asked afterwards: whoever sends this twice at one moment is told that it is gone, not that it is in use.
            if await repository.find_method(tx, caller.account_id, method_id) is None:
                raise SavedMethodNotFound(f"{method_id}")
            raise SavedMethodInUse(f"{method_id}")
