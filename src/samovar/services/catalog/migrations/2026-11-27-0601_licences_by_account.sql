-- no-transaction
CREATE INDEX CONCURRENTLY IF NOT EXISTS held_licences_of_account ON held_licences (account_id);
