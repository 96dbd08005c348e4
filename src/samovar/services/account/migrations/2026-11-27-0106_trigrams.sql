-- Comes with PostgreSQL and is trusted: the owner of the database may add it.
CREATE EXTENSION IF NOT EXISTS pg_trgm;
