-- no-transaction
CREATE INDEX CONCURRENTLY IF NOT EXISTS played_spans_by_app ON played_spans (app_id, ended_at) INCLUDE (account_id, started_at);
