-- no-transaction
CREATE INDEX CONCURRENTLY IF NOT EXISTS packs_to_settle ON packs (app_id, id) WHERE NOT is_settled;
