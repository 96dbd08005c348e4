-- Comes with PostgreSQL and is trusted: the owner of the database may add it. For search while the index is away.
CREATE EXTENSION IF NOT EXISTS pg_trgm;
