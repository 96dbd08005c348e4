-- no-transaction
DROP INDEX CONCURRENTLY IF EXISTS reviews_by_age;
