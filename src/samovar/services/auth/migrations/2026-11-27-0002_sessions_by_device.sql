-- no-transaction
CREATE INDEX CONCURRENTLY IF NOT EXISTS sessions_by_device ON sessions (device_id) WHERE device_id IS NOT NULL AND ended_at IS NULL;
