-- no-transaction
CREATE INDEX CONCURRENTLY IF NOT EXISTS library_entries_played ON library_entries (app_id) WHERE first_played_at IS NOT NULL;
