-- Who may do what, and by whose word. `accounts.roles` and `accounts.grants` are what tokens say of it; every change of a row
-- changes them in the same transaction.
CREATE TABLE role_grants (
    id              uuid        PRIMARY KEY,
    account_id      uuid        NOT NULL REFERENCES accounts ON DELETE CASCADE,
    role            text        NOT NULL,
    -- Where the role `developer` holds, and how much it allows there; in one game alone, or in the whole organisation.
    organisation_id uuid,
    level           text        CHECK (level IN ('owner', 'editor', 'finance', 'viewer')),
    game_id         uuid,
    reason          text        NOT NULL,
    -- None: an operator at the command line.
    granted_by      uuid,
    granted_at      timestamptz NOT NULL,
    expires_at      timestamptz,
    revoked_by      uuid,
    revoked_at      timestamptz,
    revoke_reason   text,
    CHECK (organisation_id IS NULL OR role = 'developer'),
    CHECK ((organisation_id IS NULL) = (level IS NULL)),
    CHECK (game_id IS NULL OR organisation_id IS NOT NULL)
);

CREATE UNIQUE INDEX role_grants_once ON role_grants (account_id, role, organisation_id, level, game_id) NULLS NOT DISTINCT
    WHERE revoked_at IS NULL;
CREATE INDEX role_grants_by_time ON role_grants (granted_at, id);
CREATE INDEX role_grants_by_account ON role_grants (account_id, granted_at, id);
CREATE INDEX role_grants_by_organisation ON role_grants (organisation_id, granted_at, id) WHERE organisation_id IS NOT NULL;
CREATE INDEX role_grants_by_role ON role_grants (role, granted_at, id);
CREATE INDEX role_grants_by_expiry ON role_grants (expires_at) WHERE revoked_at IS NULL AND expires_at IS NOT NULL;

ALTER TABLE accounts
    -- Where the role `developer` holds, as tokens say it: `editor@<organisation>/<game>`.
    ADD COLUMN grants text[] NOT NULL DEFAULT '{}';

INSERT INTO role_grants (id, account_id, role, reason, granted_at)
SELECT gen_random_uuid(), a.id, given.role, 'given before grants were kept one by one', now()
FROM accounts a CROSS JOIN LATERAL unnest(a.roles) AS given (role)
WHERE given.role <> 'player';
