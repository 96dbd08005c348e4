"""Receipts, built from their parts."""

import re
from datetime import timedelta

from samovar.kit.routes import routes_in
from samovar.kit.runtime import Kit
from samovar.kit.settings import SettingsError
from samovar.kit.workers import jobs_in
from samovar.services.payment.receipts.desk import api
from samovar.services.payment.receipts.desk import jobs as desk_jobs
from samovar.services.payment.receipts.desk.use_cases import ReceiptDesk
from samovar.services.payment.receipts.sending import jobs
from samovar.services.payment.receipts.sending.adapters import Registers
from samovar.services.payment.receipts.sending.documents import Seller
from samovar.services.payment.receipts.sending.use_cases import Sending
from samovar.services.payment.settings import PaymentSettings

_INN = re.compile(r"\d{10}(?:\d{2})?", re.ASCII)
ROUTES = routes_in(api)
JOBS = (*jobs_in(jobs), *jobs_in(desk_jobs))
PERMISSIONS = {api.READ: ("finance", "support", "admin"), api.MEND: ("finance",)}


async def build_receipts(kit: Kit, settings: PaymentSettings) -> dict[str, object]:
    """Build what the doors of receipts ask for by name.

    Raises:
        SettingsError: The service of cash registers is named by half.
    """
    registers = _registers(settings)
    if registers:
        await kit.closing.enter_async_context(registers)
    return {
        "receipt_sending": Sending(
            kit.database,
            registers=registers,
            seller=_seller(kit, settings),
            late_after=timedelta(hours=settings.fiscal_late_hours),
            clock=kit.clock,
        ),
        "receipt_desk": ReceiptDesk(kit.database, clock=kit.clock),
    }


def _registers(settings: PaymentSettings) -> Registers | None:
    if settings.fiscal_url is None:
        return None
    if not (settings.fiscal_group and settings.fiscal_login and settings.fiscal_password):
        raise SettingsError(
            "SAMOVAR_PAYMENT__FISCAL_GROUP, _LOGIN and _PASSWORD belong to SAMOVAR_PAYMENT__FISCAL_URL"
        )
    return Registers(
        url=settings.fiscal_url.rstrip("/"),
        group=settings.fiscal_group,
        login=settings.fiscal_login,
        password=settings.fiscal_password,
    )


def _seller(kit: Kit, settings: PaymentSettings) -> Seller | None:
    if settings.fiscal_url is None:
        return None
    if not (settings.fiscal_inn and settings.fiscal_email):
        raise SettingsError("SAMOVAR_PAYMENT__FISCAL_INN and _EMAIL belong to SAMOVAR_PAYMENT__FISCAL_URL")
    if not _INN.fullmatch(settings.fiscal_inn):
        raise SettingsError("SAMOVAR_PAYMENT__FISCAL_INN is 10 or 12 digits")
    return Seller(
        inn=settings.fiscal_inn,
        email=settings.fiscal_email,
        tax_system=settings.fiscal_tax_system,
        address=kit.platform.origin,
        vat_regime=settings.fiscal_vat_regime,
    )
