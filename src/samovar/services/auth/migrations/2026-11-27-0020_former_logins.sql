-- Logins that an account had until lately: what «это был не я» goes back to.
CREATE TABLE former_logins (
    id          uuid        PRIMARY KEY,
    account_id  uuid        NOT NULL REFERENCES accounts ON DELETE CASCADE,
    login       text        NOT NULL,
    kind        text        NOT NULL CHECK (kind IN ('email', 'phone')),
    verified_at timestamptz,
    created_at  timestamptz NOT NULL,
    removed_at  timestamptz NOT NULL
);

CREATE INDEX former_logins_by_account ON former_logins (account_id, removed_at);
