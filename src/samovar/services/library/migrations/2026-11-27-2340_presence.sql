-- What a game may say that its player does, as its developer has worded it: {key: {ru, en}}.
CREATE TABLE IF NOT EXISTS phrase_lists (
    app_id     uuid        PRIMARY KEY,
    phrases    jsonb       NOT NULL,
    changed_at timestamptz NOT NULL
);

-- What a game says that its player does, while the session lasts: one row a session that runs.
CREATE TABLE IF NOT EXISTS presences (
    session_id uuid        PRIMARY KEY REFERENCES play_sessions ON DELETE CASCADE,
    account_id uuid        NOT NULL,
    phrase     text,
    text       text,
    parameters jsonb       NOT NULL DEFAULT '{}',
    changed_at timestamptz NOT NULL,
    CHECK ((phrase IS NULL) <> (text IS NULL))
);

CREATE INDEX IF NOT EXISTS presences_by_account ON presences (account_id);
