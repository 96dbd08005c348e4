"""Payouts, built from their parts."""

from datetime import timedelta

from samovar.kit.events import consumers_in
from samovar.kit.routes import routes_in
from samovar.kit.runtime import Kit
from samovar.kit.workers import jobs_in
from samovar.services.payment.asking.holds import AccountHolds
from samovar.services.payment.contract.payouts_events import PAYOUT_EVENTS
from samovar.services.payment.payouts import api, jobs
from samovar.services.payment.payouts.adapters import Npd
from samovar.services.payment.payouts.banks.plain import PlainBank
from samovar.services.payment.payouts.banks.port import Bank
from samovar.services.payment.payouts.banks.tapi import TApiBank
from samovar.services.payment.payouts.banks.web import Web
from samovar.services.payment.payouts.payees import api as payees_api
from samovar.services.payment.payouts.payees import consumers
from samovar.services.payment.payouts.payees.use_cases import Payees
from samovar.services.payment.payouts.returns import api as returns_api
from samovar.services.payment.payouts.returns.use_cases import PayoutReturns
from samovar.services.payment.payouts.rights import EDIT_PAYEES, READ_PAYOUTS, RUN_PAYOUTS, Rights
from samovar.services.payment.payouts.sending import Sender
from samovar.services.payment.payouts.statements import api as statements_api
from samovar.services.payment.payouts.statements import jobs as statements_jobs
from samovar.services.payment.payouts.statements.schemas import Seller
from samovar.services.payment.payouts.statements.use_cases import Statements
from samovar.services.payment.payouts.use_cases import OwnPayouts, Payouts, Sending
from samovar.services.payment.settings import PaymentSettings

ROUTES = (*routes_in(api), *routes_in(payees_api), *routes_in(returns_api), *routes_in(statements_api))
CONSUMERS = consumers_in(consumers)
JOBS = (*jobs_in(jobs), *jobs_in(statements_jobs))
EVENTS = PAYOUT_EVENTS
PERMISSIONS = {
    EDIT_PAYEES: ("developer", "finance"),
    READ_PAYOUTS: ("developer", "finance", "admin"),
    RUN_PAYOUTS: ("finance",),
}


def build_payouts(kit: Kit, settings: PaymentSettings) -> dict[str, object]:
    """Build what the doors of payouts ask for by name."""
    database, clock = kit.database, kit.clock
    rights = Rights(PERMISSIONS)
    web = Web()
    kit.closing.push_async_callback(web.close)
    bank = _bank_of(settings, web)
    sender = Sender(
        database,
        bank=bank,
        npd=Npd(web, url=settings.npd_url) if settings.npd_url else None,
        holds=AccountHolds(kit.peers),
        npd_year_limit=settings.npd_year_limit,
        clock=clock,
    )
    return {
        "payees": Payees(database, rights=rights, wait=timedelta(days=settings.payee_wait_days), clock=clock),
        "payouts": Payouts(
            database,
            minimum=settings.payout_minimum,
            npd_year_limit=settings.npd_year_limit,
            clock=clock,
            new_id=kit.new_id,
        ),
        "statements": Statements(
            database,
            rights=rights,
            seller=Seller(name=settings.platform_name, inn=settings.platform_inn),
            vat_regime=settings.platform_vat_regime,
            clock=clock,
        ),
        "own_payouts": OwnPayouts(database, rights=rights, clock=clock),
        "payout_returns": PayoutReturns(database, clock=clock),
        "payout_sending": Sending(database, sender=sender, clock=clock),
    }


def _bank_of(settings: PaymentSettings, web: Web) -> Bank | None:
    """Return the bank that the settings name: T-Bank, where they name an account there."""
    if settings.bank_url is None or settings.bank_token is None:
        return None
    if settings.bank_account is None:
        return PlainBank(web, url=settings.bank_url, token=settings.bank_token)
    return TApiBank(web, url=settings.bank_url, token=settings.bank_token, account=settings.bank_account)
