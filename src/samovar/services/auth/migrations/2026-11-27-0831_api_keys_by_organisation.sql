-- no-transaction
-- The owners of an organisation see the keys that hold in it, whoever made them.
CREATE INDEX CONCURRENTLY IF NOT EXISTS api_keys_by_organisation ON api_keys (organisation_id, id DESC) WHERE organisation_id IS NOT NULL;
