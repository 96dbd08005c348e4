-- What an API key has besides its session, which has its id. The key itself is nowhere: only its SHA-256.
CREATE TABLE api_keys (
    id              uuid   PRIMARY KEY REFERENCES sessions ON DELETE CASCADE,
    key_hash        bytea  NOT NULL UNIQUE,
    -- How it begins, to tell one from another.
    hint            text   NOT NULL,
    -- It holds in this organisation alone.
    organisation_id uuid,
    -- From where it may be used; empty: from everywhere.
    networks        text[] NOT NULL DEFAULT '{}'
);
