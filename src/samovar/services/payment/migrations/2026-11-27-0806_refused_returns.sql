-- no-transaction
-- What no provider sends back; a person looks at each.
CREATE INDEX CONCURRENTLY IF NOT EXISTS payment_refunds_refused ON payment_refunds (created_at, id) WHERE state = 'refused';
