"""REST: acts for organisations, registers for finance."""

from uuid import UUID

from samovar.kit.errors import InvalidInput
from samovar.kit.identity import Caller
from samovar.kit.pagination import LIMIT_DEFAULT, Limit, Page
from samovar.kit.rest.answers import Answer
from samovar.kit.routes import RateLimit, StepUp, get
from samovar.services.payment.payouts.errors import PayeeNotFound, StatementNotFound
from samovar.services.payment.payouts.rights import READ_PAYOUTS, RUN_PAYOUTS
from samovar.services.payment.payouts.schemas import Month
from samovar.services.payment.payouts.statements import page, tables
from samovar.services.payment.payouts.statements.schemas import Statement, StatementLine
from samovar.services.payment.payouts.statements.use_cases import Statements

CSV, HTML = "text/csv", "text/html"
READS = RateLimit(120, per_s=60, by="account")
WRITE_TIMEOUT_MS = 15_000
_NO_SCRIPTS = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"


@get("/v1/dev/statements", auth="player", permissions=(READ_PAYOUTS,), raises=(PayeeNotFound, InvalidInput))
async def list_statements(
    organisation_id: UUID,
    caller: Caller,
    statements: Statements,
    cursor: str | None = None,
    limit: Limit = LIMIT_DEFAULT,
) -> Page[StatementLine]:
    """List the acts of an organisation, the newest first."""
    return await statements.list_own(caller, organisation_id, cursor=cursor, limit=limit)


@get(
    "/v1/dev/statements/{organisation_id:uuid}",
    auth="player",
    permissions=(READ_PAYOUTS,),
    rate_limit=READS,
    timeout_ms=WRITE_TIMEOUT_MS,
    raises=(PayeeNotFound, StatementNotFound, InvalidInput),
)
async def show_statement(
    organisation_id: UUID, period: Month, caller: Caller, statements: Statements
) -> Statement:
    """Show the act with the agent's report of a month that is over."""
    return await statements.show(caller, organisation_id, period)


@get(
    "/v1/dev/statements/{organisation_id:uuid}/csv",
    auth="player",
    permissions=(READ_PAYOUTS,),
    rate_limit=READS,
    timeout_ms=WRITE_TIMEOUT_MS,
    media_type=CSV,
    raises=(PayeeNotFound, StatementNotFound, InvalidInput),
)
async def export_statement(
    organisation_id: UUID, period: Month, caller: Caller, statements: Statements
) -> Answer:
    """Return the act of a month as a table."""
    statement = await statements.show(caller, organisation_id, period)
    return _table(tables.statement_csv(statement), f"act-{period}.csv")


@get(
    "/v1/dev/statements/{organisation_id:uuid}/page",
    auth="player",
    permissions=(READ_PAYOUTS,),
    rate_limit=READS,
    timeout_ms=WRITE_TIMEOUT_MS,
    media_type=HTML,
    raises=(PayeeNotFound, StatementNotFound, InvalidInput),
)
async def print_statement(
    organisation_id: UUID, period: Month, caller: Caller, statements: Statements
) -> Answer:
    """Return the act of a month as a page to be printed."""
    statement = await statements.show(caller, organisation_id, period)
    headers = {"Content-Security-Policy": _NO_SCRIPTS, "X-Content-Type-Options": "nosniff"}
    return Answer(page.page_of(statement), media_type=f"{HTML}; charset=utf-8", headers=headers)


@get(
    "/v1/admin/payments/payout-registers",
    auth="staff",
    permissions=(RUN_PAYOUTS,),
    step_up=StepUp(max_age_s=600),
    rate_limit=READS,
    media_type=CSV,
    raises=(InvalidInput,),
)
async def export_register(period: Month, statements: Statements) -> Answer:
    """Return the payouts of a month that were approved as a table for the bank, with where each goes."""
    return _table(tables.register_csv(await statements.register(period)), f"payouts-{period}.csv")


def _table(content: bytes, name: str) -> Answer:
    headers = {
        "Content-Disposition": f'attachment; filename="{name}"',
        "X-Content-Type-Options": "nosniff",
    }
    return Answer(content, media_type=f"{CSV}; charset=utf-8", headers=headers)
