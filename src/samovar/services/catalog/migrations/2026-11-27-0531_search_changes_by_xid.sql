-- no-transaction
CREATE INDEX CONCURRENTLY IF NOT EXISTS search_changes_by_xid ON search_changes (xid);
