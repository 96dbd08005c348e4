"""An order in words: puts together what the rooms of payment know of it, in the reader's language."""

from collections.abc import Mapping, Sequence
from typing import Literal
from uuid import UUID

import msgspec

from samovar.kit.i18n import Catalogue, Language
from samovar.kit.money import Money, total_of
from samovar.services.payment.domain import Order, OrderLine
from samovar.services.payment.ledger.domain import Kind, code_of
from samovar.services.payment.ledger.trail import Step
from samovar.services.payment.orders.pages import domain
from samovar.services.payment.orders.pages.domain import AppRelease, Moment, Split
from samovar.services.payment.orders.pages.schemas import (
    AwaitedView,
    ConfirmationView,
    FundView,
    LineSplitView,
    MomentView,
    MoneyPage,
    MoneyPart,
    OrderLineView,
    OrderPage,
    PriceStepView,
    TrailStep,
)
from samovar.services.payment.payments.domain import CapturedPayment, PaymentState, Stray
from samovar.services.payment.receipts.shown import ShownReceipt
from samovar.services.payment.refunds.schemas import RefundView
from samovar.services.payment.revenue.schemas import LineSplit

FEE = "fee"
# Those that have a name of their own in the sentences.
PROVIDERS = frozenset({"yookassa", "tbank"})
# Why a payment came to nothing, where that says more than that it did: the words of the providers' adapters and of orders.
FAILURES = frozenset(
    {
        "canceled",
        "card_expired",
        "country_forbidden",
        "declined",
        "expired",
        "fraud_suspected",
        "identification_required",
        "insufficient_funds",
        "invalid_card",
        "issuer_unavailable",
        "limit_exceeded",
        "method_restricted",
        "permission_revoked",
        "provider_unavailable",
        "three_d_secure_failed",
        "wrong_amount",
    }
)


class Known(msgspec.Struct, frozen=True, kw_only=True):
    """All that the rooms know of an order."""

    order: Order
    lines: Sequence[OrderLine]
    splits: dict[UUID, LineSplit]
    trail: Sequence[Step]
    captured: Sequence[CapturedPayment]
    strays: Sequence[Stray]
    receipts: Sequence[ShownReceipt]
    refunds: Sequence[RefundView]
    payment: PaymentState | None
    promo_code: str | None
    releases: Mapping[UUID, AppRelease] = {}


class Unbalanced(ValueError):
    """The parts of an order do not add up to its total: a defect of ours, which the page must not hide."""


class Explainer:
    """Explains orders in Russian and English."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue

    def page(self, known: Known, language: Language) -> OrderPage:
        """Return the page of an order.

        Raises:
            Unbalanced: The funding, or where the money went, does not add up to the total.
        """
        order = known.order
        page = OrderPage(
            id=order.id,
            status=order.status,
            method=order.method,
            country=order.country,
            total=order.money(order.total),
            created_at=order.created_at,
            expires_at=order.expires_at,
            paid_at=order.paid_at,
            fulfilled_at=order.fulfilled_at,
            closed_at=order.closed_at,
            failure_code=order.failure_code,
            confirmation=_confirmation(known.payment),
            promo_code=known.promo_code,
            lines=[self._line(known, line, language) for line in known.lines],
            funding=_funding(known),
            money=self._money(known, language),
            trail=[self._step(step, language) for step in known.trail],
            receipts=list(known.receipts),
            refunds=list(known.refunds),
            timeline=self._timeline(known, language),
        )
        for parts in (page.funding, page.money.parts):
            if (found := total_of((part.amount for part in parts), order.currency)) != page.total:
                raise Unbalanced(f"order {order.id}: {found.amount} of {order.total}")
        return page

    def _line(self, known: Known, line: OrderLine, language: Language) -> OrderLineView:
        order, split = known.order, known.splits.get(line.id)
        return OrderLineView(
            id=line.id,
            package_id=line.package_id,
            bundle_id=line.bundle_id,
            app_ids=line.app_ids,
            names=line.names,
            organisation_id=line.organisation_id,
            recipient_id=line.recipient_id,
            is_gift=line.is_gift,
            is_preorder=line.is_preorder,
            region=line.region,
            price_version=line.price_version,
            steps=[
                PriceStepView(
                    code=step.code,
                    percent=step.percent,
                    amount=order.money(step.amount),
                    left=order.money(step.left),
                    text=self._catalogue.text(
                        f"order.step.{step.code}{'_percent' if step.percent else ''}",
                        language,
                        percent=step.percent,
                        amount=order.money(abs(step.amount)),
                    ),
                )
                for step in domain.steps_of(line)
            ],
            final=order.money(line.final),
            split=_split_view(order, line, split),
            licence_id=line.licence_id,
            licensed_at=line.licensed_at,
            delivered_at=line.delivered_at,
            awaited=self._awaited(known, line, language),
            refund_pending=order.money(line.refund_pending),
            refunded=order.money(line.refunded),
            refunded_at=line.refunded_at,
        )

    def _awaited(self, known: Known, line: OrderLine, language: Language) -> AwaitedView | None:
        if not domain.is_awaited(known.order, line):
            return None
        awaited = domain.awaited_of(line, known.releases)
        promise = awaited.promise.get(language) or next(iter(awaited.promise.values()), "")
        text = self._catalogue.text(
            f"order.awaited.{awaited.code}", language, on=awaited.on or "", promise=promise
        )
        return AwaitedView(code=awaited.code, on=awaited.on, text=text)

    def _money(self, known: Known, language: Language) -> MoneyPage:
        order = known.order
        splits = {line_id: split_of(split) for line_id, split in known.splits.items()}
        return MoneyPage(
            total=order.money(order.total),
            parts=[
                MoneyPart(
                    code=code,
                    amount=order.money(amount),
                    text=self._catalogue.text(f"order.part.{code}", language),
                )
                for code, amount in domain.parts_of(order, known.lines, splits)
            ],
            provider_fee=order.money(sum(step.amount for step in known.trail if step.code == FEE)),
        )

    def _step(self, step: Step, language: Language) -> TrailStep:
        key = (
            "set_aside"
            if step.kind == "pending"
            else "released"
            if step.kind in {"void", "expire"}
            else "moved"
        )
        return TrailStep(
            id=step.id,
            at=step.created_at,
            kind=step.kind,
            code=step.code,
            title=self._catalogue.text(f"payment.ledger_code.{code_of(step.code)}", language),
            debit=step.debit_kind.value,
            credit=step.credit_kind.value,
            amount=Money(step.amount, step.currency),
            cause_id=step.cause_id,
            text=self._catalogue.text(
                f"order.trail.{key}",
                language,
                amount=Money(step.amount, step.currency),
                source=self._account(step.debit_kind, step.debit_owner, language),
                target=self._account(step.credit_kind, step.credit_owner, language),
            ),
        )

    def _account(self, kind: Kind, owner: str, language: Language) -> str:
        # Of providers the name says something to a person; of others the owner is an id.
        is_named = kind in {Kind.CLEARING, Kind.FEES, Kind.SUSPENSE} and owner in PROVIDERS
        provider = self._catalogue.text(f"order.provider.{owner}", language) if is_named else owner
        return self._catalogue.text(f"order.account.{kind.value}", language, provider=provider)

    def _timeline(self, known: Known, language: Language) -> list[MomentView]:
        refunds = [(refund.id, refund.started_at, refund.settled_at) for refund in known.refunds]
        return [
            MomentView(
                at=moment.at,
                code=moment.code,
                text=self._moment_text(known.order, moment, language),
                line_id=moment.line_id,
                refund_id=moment.refund_id,
            )
            for moment in domain.moments_of(known.order, known.lines, refunds, known.strays)
        ]

    def _moment_text(self, order: Order, moment: Moment, language: Language) -> str:
        if moment.code == "failed" and order.failure_code in FAILURES:
            return self._catalogue.text(f"order.failure.{order.failure_code}", language)
        return self._catalogue.text(
            f"order.moment.{moment.code}",
            language,
            amount=order.money(moment.amount),
            wanted=order.money(order.provider_amount),
        )


def split_of(split: LineSplit) -> Split:
    """Return what is left of the parts of a line, and what has gone back of it."""
    if split.split_at is None:
        return Split(given_back=split.early)
    return Split(
        is_made=True,
        developer=(split.developer or 0) - split.reversed_developer,
        commission=(split.commission or 0) - split.reversed_commission,
        tax=(split.tax or 0) - split.reversed_tax,
        given_back=split.early + split.reversed_developer + split.reversed_commission + split.reversed_tax,
    )


def _split_view(order: Order, line: OrderLine, split: LineSplit | None) -> LineSplitView:
    parts = split_of(split) if split else Split(given_back=line.refunded)
    return LineSplitView(
        status="split" if parts.is_made else "waiting",
        developer=order.money(parts.developer),
        commission=order.money(parts.commission),
        tax=order.money(parts.tax),
        vat_percent=split.vat_percent if split else None,
        tier_version=split.tier_version if split else None,
        given_back=order.money(parts.given_back),
    )


def _funding(known: Known) -> list[FundView]:
    """Return the pockets that an order is paid from; what a provider collected bears its name."""
    order = known.order
    paid_by = next((one for one in known.captured if one.id == order.payment_id), None)
    own: tuple[tuple[Literal["bonus", "wallet"], int], ...] = (
        ("bonus", order.bonus_amount),
        ("wallet", order.wallet_amount),
    )
    pockets = [
        FundView(
            source=source, amount=order.money(amount), status=domain.fund_status(order, is_provider=False)
        )
        for source, amount in own
        if amount
    ]
    if order.provider_amount:
        pockets.append(
            FundView(
                source="provider",
                amount=order.money(order.provider_amount),
                status=domain.fund_status(order, is_provider=True),
                method=order.method,
                provider=paid_by.provider if paid_by else None,
                refunded=paid_by.refunded if paid_by else None,
            )
        )
    return pockets


def _confirmation(payment: PaymentState | None) -> ConfirmationView | None:
    found = payment.confirmation if payment else None
    return ConfirmationView(type=found.kind, url=found.url) if found else None
