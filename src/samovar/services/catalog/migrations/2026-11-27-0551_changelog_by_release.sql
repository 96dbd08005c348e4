-- no-transaction
-- Release and moment name an entry: an import that is repeated writes it once.
CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS changelog_by_release ON changelog_entries (app_id, release, published_at);
