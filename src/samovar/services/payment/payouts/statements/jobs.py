"""What acts do by the clock."""

from samovar.kit.workers import every
from samovar.services.payment.payouts.statements.use_cases import Statements


@every(3_600)
async def issue_statements(statements: Statements) -> None:
    """Make the acts of last month, for payees who have not asked for theirs."""
    await statements.issue_wanting()
