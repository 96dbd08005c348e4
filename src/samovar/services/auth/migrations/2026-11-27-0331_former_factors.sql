-- Second factors that an account had until lately: what «это был не я» goes back to.
CREATE TABLE former_totp_credentials (
    account_id    uuid        NOT NULL REFERENCES accounts ON DELETE CASCADE,
    secret_sealed bytea       NOT NULL,
    last_step     bigint      NOT NULL,
    confirmed_at  timestamptz NOT NULL,
    removed_at    timestamptz NOT NULL,
    PRIMARY KEY (account_id, removed_at)
);

CREATE INDEX former_totp_credentials_by_removal ON former_totp_credentials (removed_at);

CREATE TABLE former_recovery_codes (
    account_id uuid        NOT NULL REFERENCES accounts ON DELETE CASCADE,
    code_hash  bytea       NOT NULL,
    created_at timestamptz NOT NULL,
    used_at    timestamptz,
    removed_at timestamptz NOT NULL,
    PRIMARY KEY (account_id, code_hash)
);

CREATE INDEX former_recovery_codes_by_removal ON former_recovery_codes (removed_at);

CREATE TABLE former_passkeys (
    id                 uuid        PRIMARY KEY,
    account_id         uuid        NOT NULL REFERENCES accounts ON DELETE CASCADE,
    credential_id      bytea       NOT NULL,
    public_key         bytea       NOT NULL,
    sign_count         bigint      NOT NULL,
    name               text        NOT NULL,
    aaguid             uuid        NOT NULL,
    transports         text[]      NOT NULL,
    is_backup_eligible boolean     NOT NULL,
    is_backed_up       boolean     NOT NULL,
    created_at         timestamptz NOT NULL,
    last_used_at       timestamptz,
    removed_at         timestamptz NOT NULL
);

CREATE INDEX former_passkeys_by_account ON former_passkeys (account_id, removed_at);
CREATE INDEX former_passkeys_by_removal ON former_passkeys (removed_at);
