-- no-transaction
-- What came in on a day, whoever took it: compared with the receipts of that day.
CREATE INDEX CONCURRENTLY IF NOT EXISTS payments_by_day ON payments (captured_at) WHERE captured_at IS NOT NULL;
