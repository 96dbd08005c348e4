ALTER TABLE accounts
    -- Until then nothing of value leaves the account: somebody else may have been in it.
    ADD COLUMN held_until timestamptz,
    ADD COLUMN hold_reason text;

-- Passwords that were replaced lately: what «это был не я» goes back to.
CREATE TABLE former_passwords (
    id            uuid        PRIMARY KEY,
    account_id    uuid        NOT NULL REFERENCES accounts ON DELETE CASCADE,
    password_hash text        NOT NULL,
    replaced_at   timestamptz NOT NULL
);

CREATE INDEX former_passwords_by_account ON former_passwords (account_id, replaced_at);

-- Somebody has forgotten a password. Whether the login exists is found out later, so that the answer cannot tell.
CREATE TABLE reset_requests (
    id           uuid        PRIMARY KEY,
    login        text        NOT NULL,
    address      text        NOT NULL,
    requested_at timestamptz NOT NULL
);

-- A permission to set a new password: by the token of a mail, or by the code of a text message.
CREATE TABLE password_resets (
    id         uuid        PRIMARY KEY,
    account_id uuid        NOT NULL REFERENCES accounts ON DELETE CASCADE,
    login      text        NOT NULL,
    token_hash bytea,
    code_hash  bytea,
    attempts   integer     NOT NULL DEFAULT 0,
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    used_at    timestamptz,
    CHECK ((token_hash IS NULL) <> (code_hash IS NULL))
);

CREATE INDEX password_resets_by_account ON password_resets (account_id);
CREATE INDEX password_resets_by_login ON password_resets (login, created_at);

-- What an account was told of, with a way to say «это был не я».
CREATE TABLE alerts (
    id          uuid        PRIMARY KEY,
    account_id  uuid        NOT NULL REFERENCES accounts ON DELETE CASCADE,
    token_hash  bytea       NOT NULL,
    what        text        NOT NULL,
    happened_at timestamptz NOT NULL,
    expires_at  timestamptz NOT NULL,
    answered_at timestamptz
);

CREATE INDEX alerts_by_account ON alerts (account_id);
CREATE UNIQUE INDEX alerts_by_token ON alerts (token_hash);
CREATE UNIQUE INDEX password_resets_by_token ON password_resets (token_hash);
