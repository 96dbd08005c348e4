-- no-transaction
CREATE INDEX CONCURRENTLY IF NOT EXISTS sessions_by_any_parent ON sessions (parent_id) WHERE parent_id IS NOT NULL;
