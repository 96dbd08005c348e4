-- Who somebody is at an outside identity service. One person there is one account here, and an account has one of each.
CREATE TABLE provider_links (
    provider     text        NOT NULL,
    -- The provider's own id of the person.
    subject      text        NOT NULL,
    account_id   uuid        NOT NULL REFERENCES accounts ON DELETE CASCADE,
    -- What the person is called there, for the list of links.
    name         text,
    -- Which the person said when they came; the policy of first factors depends on it.
    country      text,
    linked_at    timestamptz NOT NULL,
    last_used_at timestamptz NOT NULL,
    PRIMARY KEY (provider, subject),
    UNIQUE (account_id, provider)
);

-- Links that were taken away, for as long as their owner may say «это был не я».
CREATE TABLE provider_former_links (
    id           uuid        PRIMARY KEY,
    provider     text        NOT NULL,
    subject      text        NOT NULL,
    account_id   uuid        NOT NULL REFERENCES accounts ON DELETE CASCADE,
    name         text,
    country      text,
    linked_at    timestamptz NOT NULL,
    last_used_at timestamptz NOT NULL,
    removed_at   timestamptz NOT NULL
);

CREATE INDEX provider_former_links_by_account ON provider_former_links (account_id);
CREATE INDEX provider_former_links_by_removal ON provider_former_links (removed_at);

-- Journeys to a provider that have begun. The verifier of PKCE and the nonce are made from the state, which is not here.
CREATE TABLE provider_attempts (
    state_hash     bytea       PRIMARY KEY,
    provider       text        NOT NULL,
    mode           text        NOT NULL CHECK (mode IN ('sign_in', 'link')),
    -- Who links; none for a sign-in.
    account_id     uuid        REFERENCES accounts ON DELETE CASCADE,
    -- The cookie of the browser in which it began.
    browser_hash   bytea       NOT NULL,
    return_to      text,
    -- The client's own challenge (RFC 7636), for the code that it gets back.
    code_challenge text,
    country        text,
    created_at     timestamptz NOT NULL,
    expires_at     timestamptz NOT NULL,
    used_at        timestamptz,
    CHECK ((mode = 'link') = (account_id IS NOT NULL))
);

CREATE INDEX provider_attempts_by_expiry ON provider_attempts (expires_at);

-- One-time tokens: the hash of each, and sealed, what it stands for.
CREATE TABLE provider_tokens (
    token_hash bytea       PRIMARY KEY,
    purpose    text        NOT NULL CHECK (purpose IN ('exchange', 'register', 'link')),
    sealed     bytea       NOT NULL,
    expires_at timestamptz NOT NULL
);

CREATE INDEX provider_tokens_by_expiry ON provider_tokens (expires_at);

-- Digests of data that a messenger has signed and that was used: it counts once.
CREATE TABLE provider_seen_data (
    digest     bytea       PRIMARY KEY,
    expires_at timestamptz NOT NULL
);

CREATE INDEX provider_seen_data_by_expiry ON provider_seen_data (expires_at);
