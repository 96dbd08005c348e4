-- A person, as far as signing in goes; the profile is account's.
CREATE TABLE accounts (
    id                uuid        PRIMARY KEY,
    password_hash     text        NOT NULL,
    roles             text[]      NOT NULL DEFAULT '{player}',
    -- Access tokens from before this moment no longer count: the roles changed.
    tokens_not_before timestamptz,
    created_at        timestamptz NOT NULL
);

-- What a person types to say who they are: an e-mail address or a phone number, normalised.
CREATE TABLE logins (
    login      text        PRIMARY KEY,
    kind       text        NOT NULL CHECK (kind IN ('email', 'phone')),
    account_id uuid        NOT NULL REFERENCES accounts ON DELETE CASCADE,
    created_at timestamptz NOT NULL
);

CREATE INDEX logins_by_account ON logins (account_id);

-- One sign-in on one device, and its family of refresh tokens: generation after generation, one valid at a time.
CREATE TABLE sessions (
    id                   uuid        PRIMARY KEY,
    account_id           uuid        NOT NULL REFERENCES accounts ON DELETE CASCADE,
    amr                  text[]      NOT NULL,
    acr                  text        NOT NULL,
    authenticated_at     timestamptz NOT NULL,
    expires_at           timestamptz NOT NULL,
    ended_at             timestamptz,
    end_reason           text,
    -- A refresh token is made of this, the generation and a key that is not in the database.
    seed                 bytea       NOT NULL,
    generation           integer     NOT NULL DEFAULT 0,
    rotated_at           timestamptz NOT NULL,
    -- The access token of the last rotation, encrypted: a parallel refresh gets the same one. None before the first.
    access_token_sealed  bytea
) WITH (fillfactor = 80);

CREATE INDEX sessions_by_account ON sessions (account_id) WHERE ended_at IS NULL;

-- Keys that sign access tokens. The newest whose time has come signs; older ones stay published for tokens still alive.
CREATE TABLE signing_keys (
    kid                text        PRIMARY KEY,
    public_jwk         jsonb       NOT NULL,
    private_key_sealed bytea       NOT NULL,
    signs_from         timestamptz NOT NULL,
    created_at         timestamptz NOT NULL
);
