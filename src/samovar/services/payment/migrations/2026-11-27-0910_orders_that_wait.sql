-- no-transaction
-- Orders that were paid and not delivered in whole are few among all that there ever were.
CREATE INDEX CONCURRENTLY IF NOT EXISTS orders_by_waiting ON orders (paid_at)
WHERE fulfilled_at IS NULL AND status IN ('paid', 'partially_refunded');
