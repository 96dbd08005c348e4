-- no-transaction
CREATE INDEX CONCURRENTLY IF NOT EXISTS plans_by_object ON plans (app_id, plan_id);
