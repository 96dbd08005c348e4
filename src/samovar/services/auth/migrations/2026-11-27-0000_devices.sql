ALTER TABLE accounts
    -- None: the account has no password and is entered by other means.
    ALTER COLUMN password_hash DROP NOT NULL,
    -- In which language it is written to.
    ADD COLUMN language text NOT NULL DEFAULT 'ru' CHECK (language IN ('ru', 'en')),
    -- The password opens nothing more until it was set anew: somebody else knows it.
    ADD COLUMN password_is_void boolean NOT NULL DEFAULT false,
    -- Which second factors it has, in the order in which they are offered.
    ADD COLUMN second_factors text[] NOT NULL DEFAULT '{}';

ALTER TABLE logins
    -- When somebody proved that the address or the number is theirs; none: it is only what a person said.
    ADD COLUMN verified_at timestamptz;

-- A browser or an installation on which an account has signed in. It outlives its sessions.
CREATE TABLE devices (
    id            uuid        PRIMARY KEY,
    account_id    uuid        NOT NULL REFERENCES accounts ON DELETE CASCADE,
    name          text        NOT NULL,
    first_seen_at timestamptz NOT NULL,
    last_seen_at  timestamptz NOT NULL,
    last_address  text        NOT NULL,
    -- Until then the second factor is not asked for on it; `proved_at` is when it last was.
    trusted_until timestamptz,
    proved_at     timestamptz
);

CREATE INDEX devices_by_account ON devices (account_id);

ALTER TABLE sessions
    -- `sign_in`: a person on a device. `api_key`: a developer's server. `grant`: what a person let another program do.
    ADD COLUMN kind text NOT NULL DEFAULT 'sign_in' CHECK (kind IN ('sign_in', 'api_key', 'grant')),
    -- The session in which this one was made: whoever stole that one may have made this one.
    ADD COLUMN parent_id uuid,
    ADD COLUMN device_id uuid,
    ADD COLUMN client_id text,
    ADD COLUMN scope text NOT NULL DEFAULT '*',
    ADD COLUMN label text,
    -- When it began; `authenticated_at` moves with each later proof of who the person is. None in rows of before.
    ADD COLUMN started_at timestamptz,
    ADD COLUMN address text;

-- A sign-in that waits for the second factor.
CREATE TABLE challenges (
    id          uuid        PRIMARY KEY,
    account_id  uuid        NOT NULL REFERENCES accounts ON DELETE CASCADE,
    token_hash  bytea       NOT NULL,
    amr         text[]      NOT NULL,
    device_id   uuid,
    attempts    integer     NOT NULL DEFAULT 0,
    created_at  timestamptz NOT NULL,
    expires_at  timestamptz NOT NULL,
    answered_at timestamptz
);

CREATE INDEX challenges_by_account ON challenges (account_id);

-- What happened to accounts and their credentials, refusals included. Rows are added and, when old, deleted; never changed.
CREATE TABLE audit (
    id          uuid        PRIMARY KEY,
    -- Whom it is about; none when nobody is known.
    account_id  uuid,
    -- Who did it; none: the account itself or a stranger.
    actor_id    uuid,
    action      text        NOT NULL,
    outcome     text        NOT NULL CHECK (outcome IN ('done', 'refused')),
    session_id  uuid,
    address     text,
    details     jsonb       NOT NULL DEFAULT '{}',
    happened_at timestamptz NOT NULL
);

CREATE INDEX audit_by_account ON audit (account_id, id);
