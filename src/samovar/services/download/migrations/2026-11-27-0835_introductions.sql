-- The word of a key that counted already for this one, as it was signed; players who have pinned that key believe this one then.
ALTER TABLE build_keys ADD COLUMN introduction bytea;
