"""Which provider takes a payment, and which one is left alone for a while because it does not answer."""

from collections.abc import Collection, Mapping, Sequence

import structlog

from samovar.kit.clock import Clock
from samovar.kit.money import Money
from samovar.services.payment.providers.port import (
    MethodTerms,
    NotMade,
    PaymentOutcome,
    PayMethod,
    Provider,
    RefundOutcome,
    Unknown,
)

FAILURES_MAX = 5
REST_S = 30.0

log = structlog.get_logger(__name__)


class Breaker:
    """Keeps new payments from a provider that failed several times in a row; after a rest one may try it.

    What is under way there goes on: a payment is where it is. Each process counts for itself.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._failures = 0
        self._closed_until = 0.0

    @property
    def lets_through(self) -> bool:
        """Return whether a new payment may go there."""
        return self._clock.monotonic() >= self._closed_until

    def note(self, *, failed: bool) -> bool:
        """Count an outcome; returns whether the provider is left alone from now on."""
        if not failed:
            self._failures = 0
            self._closed_until = 0.0
            return False
        self._failures += 1
        if self._failures < FAILURES_MAX:
            return False
        self._closed_until = self._clock.monotonic() + REST_S
        return True


class Router:
    """The providers that the operator has configured, best first.

    Args:
        providers: In the order in which they are tried.
        clock: For the rest of one that fails.
    """

    def __init__(self, providers: Sequence[Provider], clock: Clock) -> None:
        self._providers: Mapping[str, Provider] = {provider.name: provider for provider in providers}
        self._breakers = {provider.name: Breaker(clock) for provider in providers}

    @property
    def all(self) -> list[Provider]:
        """Return all of them, best first."""
        return list(self._providers.values())

    def of(self, name: str) -> Provider | None:
        """Return the provider of this name."""
        return self._providers.get(name)

    def choose(self, method: PayMethod, amount: Money, *, without: Collection[str] = ()) -> Provider | None:
        """Return the best provider that takes an amount by a method and seems to be there.

        Args:
            method: How the player pays.
            amount: What is to be collected.
            without: Those that have refused this payment.
        """
        able = [
            provider
            for provider in self._providers.values()
            if provider.name not in without and terms_of(provider, method, amount)
        ]
        return next((provider for provider in able if self._breakers[provider.name].lets_through), None)

    def takes(self, method: PayMethod, amount: Money) -> bool:
        """Return whether any provider takes an amount by a method, be it there at the moment or not."""
        return any(terms_of(provider, method, amount) for provider in self._providers.values())

    def note(self, name: str, outcome: PaymentOutcome | RefundOutcome) -> None:
        """Learn from an outcome whether a provider is there."""
        failed = isinstance(outcome, Unknown) or (isinstance(outcome, NotMade) and not outcome.is_answer)
        if name in self._breakers and self._breakers[name].note(failed=failed):
            log.warning("a payment provider is left alone", provider=name, rest_s=REST_S)

    def terms(self) -> dict[PayMethod, list[MethodTerms]]:
        """Return what can be paid by which method, of all providers that seem to be there."""
        found: dict[PayMethod, list[MethodTerms]] = {}
        for provider in self._providers.values():
            if self._breakers[provider.name].lets_through:
                for terms in provider.methods:
                    found.setdefault(terms.method, []).append(terms)
        return found


def terms_of(provider: Provider, method: PayMethod, amount: Money) -> MethodTerms | None:
    """Return the terms under which a provider takes an amount by a method; none where it does not."""
    return next(
        (
            terms
            for terms in provider.methods
            if terms.method == method
            and terms.currency == amount.currency
            and terms.least <= amount.amount <= terms.most
        ),
        None,
    )
