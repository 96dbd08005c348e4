-- no-transaction
CREATE INDEX CONCURRENTLY IF NOT EXISTS apps_by_title ON apps (sort_key, id) WHERE state = 'published';
