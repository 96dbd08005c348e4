-- no-transaction
CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS packages_standard ON packages (app_id) WHERE place = 0;
