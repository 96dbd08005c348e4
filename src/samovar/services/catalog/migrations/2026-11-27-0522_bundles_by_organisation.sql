-- no-transaction
CREATE INDEX CONCURRENTLY IF NOT EXISTS bundles_by_organisation ON bundles (organisation_id, id);
