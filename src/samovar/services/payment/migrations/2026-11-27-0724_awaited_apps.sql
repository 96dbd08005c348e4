-- no-transaction
CREATE INDEX CONCURRENTLY IF NOT EXISTS order_lines_by_awaited_app ON order_lines USING gin (app_ids) WHERE is_preorder AND delivered_at IS NULL;
