-- no-transaction
CREATE INDEX CONCURRENTLY IF NOT EXISTS apps_by_trigrams ON apps USING gin (title gin_trgm_ops);
