-- no-transaction
CREATE INDEX CONCURRENTLY IF NOT EXISTS sessions_by_client ON sessions (client_id, account_id) WHERE client_id IS NOT NULL AND ended_at IS NULL;
