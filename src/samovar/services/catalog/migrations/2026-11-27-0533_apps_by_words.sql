-- no-transaction
CREATE INDEX CONCURRENTLY IF NOT EXISTS apps_by_words ON apps USING gin (to_tsvector('simple', title));
