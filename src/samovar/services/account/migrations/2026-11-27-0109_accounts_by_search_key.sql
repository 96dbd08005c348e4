-- no-transaction
CREATE INDEX CONCURRENTLY IF NOT EXISTS accounts_by_search_key ON accounts USING gist (search_key gist_trgm_ops (siglen = 64)) WHERE is_listed;
