-- Whose capture paid an order: the same one told twice is no second payment.
ALTER TABLE orders ADD COLUMN payment_id uuid;
