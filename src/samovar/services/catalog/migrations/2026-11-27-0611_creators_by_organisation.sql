-- no-transaction
CREATE INDEX CONCURRENTLY IF NOT EXISTS creators_by_organisation ON creators (organisation_id, id DESC) WHERE organisation_id IS NOT NULL;
