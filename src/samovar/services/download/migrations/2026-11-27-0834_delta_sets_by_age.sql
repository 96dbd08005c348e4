-- no-transaction
CREATE INDEX CONCURRENTLY IF NOT EXISTS delta_sets_by_age ON delta_sets (tried_at);
