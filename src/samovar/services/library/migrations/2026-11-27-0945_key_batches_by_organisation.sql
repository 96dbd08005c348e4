-- no-transaction
CREATE INDEX CONCURRENTLY IF NOT EXISTS key_batches_by_organisation ON key_batches (organisation_id, created_at DESC, id DESC) WHERE organisation_id IS NOT NULL;
