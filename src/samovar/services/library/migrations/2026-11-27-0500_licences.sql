-- One row a grant. A licence is never given twice for one reason, and never comes back once it is revoked.
CREATE TABLE licences (
    id            uuid        PRIMARY KEY,
    account_id    uuid        NOT NULL,
    -- The package that was sold or given; none where single apps were.
    package_id    uuid,
    app_ids       uuid[]      NOT NULL CHECK (cardinality(app_ids) BETWEEN 1 AND 500),
    kind          text        NOT NULL CHECK (kind IN ('purchase', 'gift', 'key', 'free', 'trial', 'family', 'grant')),
    -- Who granted it, and their name for the grant: `order` and the id of its line.
    source        text        NOT NULL,
    source_id     text        NOT NULL,
    granted_at    timestamptz NOT NULL,
    -- From then on it opens nothing.
    expires_at    timestamptz,
    revoked_at    timestamptz,
    revoke_reason text,
    UNIQUE (source, source_id),
    CHECK ((revoked_at IS NULL) = (revoke_reason IS NULL))
);

CREATE INDEX licences_by_account ON licences (account_id, id);
CREATE INDEX licences_by_end ON licences (expires_at, id) WHERE expires_at IS NOT NULL AND revoked_at IS NULL;

-- What licences that are in force open: a row an app, found in one step. The key holds all that `BatchCheck` reads.
CREATE TABLE licence_apps (
    account_id uuid        NOT NULL,
    app_id     uuid        NOT NULL,
    licence_id uuid        NOT NULL REFERENCES licences ON DELETE CASCADE,
    kind       text        NOT NULL,
    granted_at timestamptz NOT NULL,
    expires_at timestamptz,
    PRIMARY KEY (account_id, app_id, licence_id) INCLUDE (kind, granted_at, expires_at)
);

CREATE INDEX licence_apps_by_licence ON licence_apps (licence_id);
