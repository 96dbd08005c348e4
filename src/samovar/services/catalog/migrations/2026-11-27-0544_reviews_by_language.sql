-- no-transaction
CREATE INDEX CONCURRENTLY IF NOT EXISTS reviews_by_language ON reviews (app_id, language, helpfulness DESC, id DESC) WHERE hidden_at IS NULL;
