-- no-transaction
CREATE INDEX CONCURRENTLY IF NOT EXISTS reviews_by_time ON reviews (app_id, created_at DESC, id DESC) WHERE hidden_at IS NULL;
