-- no-transaction
CREATE INDEX CONCURRENTLY IF NOT EXISTS accounts_by_name_key ON accounts (name_key text_pattern_ops) WHERE is_listed;
