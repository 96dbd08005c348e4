-- no-transaction
CREATE INDEX CONCURRENTLY IF NOT EXISTS apps_by_stems ON apps USING gin (to_tsvector('russian', title || ' ' || coalesce(document -> 'texts' -> 'ru' ->> 'short_description', '')));
