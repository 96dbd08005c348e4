-- no-transaction
CREATE INDEX CONCURRENTLY IF NOT EXISTS refund_parts_by_refund ON refund_parts (refund_id, fund_id);
