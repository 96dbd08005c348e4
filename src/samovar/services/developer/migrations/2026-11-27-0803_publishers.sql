-- Pipelines that an organisation trusts to publish an app, and who of it trusts them: a key is made in their name.
CREATE TABLE publishers (
    id              uuid        PRIMARY KEY,
    app_id          uuid        NOT NULL,
    organisation_id uuid        NOT NULL,
    account_id      uuid        NOT NULL,
    issuer          text        NOT NULL,
    repository      text        NOT NULL,
    workflow        text        NOT NULL,
    -- Exactly this, or with `*` at its end whatever begins so; none: any.
    ref             text,
    environment     text,
    scope           text        NOT NULL,
    -- What the issuer calls the repository for ever, told at the first use: its name may be somebody else's later.
    repository_id   text,
    created_at      timestamptz NOT NULL,
    last_used_at    timestamptz
);

CREATE INDEX publishers_by_app ON publishers (app_id, created_at);

-- Tokens that were used, until they would be refused anyway.
CREATE TABLE pipeline_tokens (
    issuer     text        NOT NULL,
    token_id   text        NOT NULL,
    expires_at timestamptz NOT NULL,
    PRIMARY KEY (issuer, token_id)
);

CREATE INDEX pipeline_tokens_by_expiry ON pipeline_tokens (expires_at);
