-- no-transaction
CREATE INDEX CONCURRENTLY IF NOT EXISTS ledger_accounts_by_account ON ledger_accounts (account_id) WHERE account_id IS NOT NULL;
