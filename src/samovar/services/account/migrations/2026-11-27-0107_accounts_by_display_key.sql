-- no-transaction
CREATE INDEX CONCURRENTLY IF NOT EXISTS accounts_by_display_key ON accounts (display_key text_pattern_ops) WHERE is_listed;
