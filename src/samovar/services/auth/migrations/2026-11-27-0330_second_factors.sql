-- The secret that an account shares with an authenticator app (RFC 6238), sealed with a key that is not in the database.
CREATE TABLE totp_credentials (
    account_id    uuid        PRIMARY KEY REFERENCES accounts ON DELETE CASCADE,
    secret_sealed bytea       NOT NULL,
    -- The time step whose code was taken last: codes of it and of earlier ones are used up.
    last_step     bigint      NOT NULL,
    confirmed_at  timestamptz NOT NULL
);

-- A secret that was shown and that no code has confirmed: nobody is asked for it yet.
CREATE TABLE totp_enrolments (
    account_id    uuid        PRIMARY KEY REFERENCES accounts ON DELETE CASCADE,
    -- Only the session that saw the secret can confirm it.
    session_id    uuid        NOT NULL,
    secret_sealed bytea       NOT NULL,
    expires_at    timestamptz NOT NULL
);

CREATE INDEX totp_enrolments_by_expiry ON totp_enrolments (expires_at);

-- What lets somebody in who has lost the other factors: an HMAC of each code, whose key is not in the database.
CREATE TABLE recovery_codes (
    account_id uuid        NOT NULL REFERENCES accounts ON DELETE CASCADE,
    code_hash  bytea       NOT NULL,
    created_at timestamptz NOT NULL,
    used_at    timestamptz,
    PRIMARY KEY (account_id, code_hash)
);

-- What an account is called in its passkeys: random, so that a passkey shown to somebody else tells nothing.
CREATE TABLE passkey_users (
    account_id  uuid  PRIMARY KEY REFERENCES accounts ON DELETE CASCADE,
    user_handle bytea NOT NULL UNIQUE
);

-- Public keys of WebAuthn credentials.
CREATE TABLE passkeys (
    id                 uuid        PRIMARY KEY,
    account_id         uuid        NOT NULL REFERENCES accounts ON DELETE CASCADE,
    credential_id      bytea       NOT NULL UNIQUE,
    public_key         bytea       NOT NULL,
    -- How often the authenticator says that it was used; one that goes back was copied. 0 for ever: it does not count.
    sign_count         bigint      NOT NULL,
    name               text        NOT NULL,
    -- The model of the authenticator, as far as it says.
    aaguid             uuid        NOT NULL,
    transports         text[]      NOT NULL,
    -- Whether it can be copied to the person's other devices, and whether it has been.
    is_backup_eligible boolean     NOT NULL,
    is_backed_up       boolean     NOT NULL,
    created_at         timestamptz NOT NULL,
    last_used_at       timestamptz
);

CREATE INDEX passkeys_by_account ON passkeys (account_id, id);

-- What an authenticator is to sign, once.
CREATE TABLE passkey_challenges (
    challenge_hash bytea       PRIMARY KEY,
    purpose        text        NOT NULL CHECK (purpose IN ('registration', 'sign_in', 'second_factor', 'step_up')),
    -- None for a sign-in: nobody knows yet who it will be.
    account_id     uuid        REFERENCES accounts ON DELETE CASCADE,
    -- The session, or the sign-in that waits, in which alone it counts.
    bound_to       uuid,
    expires_at     timestamptz NOT NULL,
    CHECK ((purpose = 'sign_in') = (account_id IS NULL)),
    CHECK ((purpose = 'sign_in') = (bound_to IS NULL))
);

CREATE INDEX passkey_challenges_by_expiry ON passkey_challenges (expires_at);
