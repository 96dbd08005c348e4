-- Those who publish. Who is in them, auth knows.
CREATE TABLE organisations (
    id         uuid        PRIMARY KEY,
    version    bigint      NOT NULL DEFAULT 1,
    name       text        NOT NULL CHECK (length(name) BETWEEN 1 AND 100),
    website    text,
    founder_id uuid        NOT NULL,
    created_at timestamptz NOT NULL,
    changed_at timestamptz NOT NULL,
    -- Since then auth is known to have its first owner; none: the answer was lost, or there never was one.
    founded_at timestamptz
);

CREATE INDEX organisations_by_founder ON organisations (founder_id);
CREATE INDEX organisations_unfounded ON organisations (created_at) WHERE founded_at IS NULL;

-- Every state that an organisation ever had, and who made it so.
CREATE TABLE organisation_versions (
    organisation_id uuid        NOT NULL REFERENCES organisations ON DELETE CASCADE,
    version         bigint      NOT NULL,
    name            text        NOT NULL,
    website         text,
    actor_id        uuid        NOT NULL,
    changed_at      timestamptz NOT NULL,
    PRIMARY KEY (organisation_id, version)
);

-- What an organisation says that it is in law, and what became of that.
CREATE TABLE legal_claims (
    id              uuid        PRIMARY KEY,
    organisation_id uuid        NOT NULL REFERENCES organisations ON DELETE CASCADE,
    legal_form      text        NOT NULL CHECK (legal_form IN ('company', 'entrepreneur', 'self_employed')),
    legal_name      text,
    inn             text        NOT NULL CHECK (inn ~ '^([0-9]{10}|[0-9]{12})$'),
    kpp             text,
    ogrn            text,
    state           text        NOT NULL CHECK (state IN ('checking', 'confirmed', 'refused', 'replaced')),
    -- Why it was refused: a stable code; or what a register said that a person is to look at.
    finding         text,
    -- What a person wrote who decided.
    reason          text,
    tries           integer     NOT NULL DEFAULT 0,
    -- When a register is asked; none: a person decides, or has decided.
    next_try_at     timestamptz,
    claimed_by      uuid        NOT NULL,
    claimed_at      timestamptz NOT NULL,
    decided_by      uuid,
    decided_at      timestamptz
);

CREATE INDEX legal_claims_by_organisation ON legal_claims (organisation_id, claimed_at DESC);
CREATE UNIQUE INDEX legal_claims_open ON legal_claims (organisation_id) WHERE state = 'checking';
CREATE UNIQUE INDEX legal_claims_confirmed ON legal_claims (organisation_id) WHERE state = 'confirmed';
-- One taxpayer, one organisation.
CREATE UNIQUE INDEX legal_claims_by_inn ON legal_claims (inn) WHERE state = 'confirmed';
CREATE INDEX legal_claims_due ON legal_claims (next_try_at) WHERE state = 'checking' AND next_try_at IS NOT NULL;
CREATE INDEX legal_claims_by_state ON legal_claims (claimed_at, id) WHERE state = 'checking';
