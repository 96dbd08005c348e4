-- Programs that sign people in with Samovar (RFC 6749, section 2): games, sites, and our own.
CREATE TABLE clients (
    id                        text        PRIMARY KEY,
    -- The developer's account; none for the platform's own programs.
    owner_id                  uuid,
    organisation_id           uuid,
    game_id                   uuid,
    name                      text        NOT NULL,
    developer_name            text        NOT NULL,
    application_type          text        NOT NULL CHECK (application_type IN ('web', 'native')),
    -- None: a public client, which can keep no secret. The older one still counts for a while after a rotation.
    secret_hash               bytea,
    older_secret_hash         bytea,
    older_secret_until        timestamptz,
    redirect_uris             text[]      NOT NULL,
    post_logout_redirect_uris text[]      NOT NULL,
    backchannel_logout_uri    text,
    grant_types               text[]      NOT NULL,
    scopes                    text[]      NOT NULL,
    require_pkce              boolean     NOT NULL,
    -- The platform's own: its people get full sessions. Set from the command line alone.
    first_party               boolean     NOT NULL DEFAULT false,
    -- Within one sector an account has one `sub`; between sectors nobody can tell.
    sector                    text        NOT NULL,
    created_at                timestamptz NOT NULL,
    updated_at                timestamptz NOT NULL,
    -- Deleted: unknown to everybody from then on; its grants are ended bit by bit, and then the row goes.
    deleted_at                timestamptz
);

CREATE INDEX clients_by_owner ON clients (owner_id, id);
CREATE INDEX clients_deleted ON clients (deleted_at) WHERE deleted_at IS NOT NULL;

-- Our own program for computers: the system browser signs people in and leads back to a loopback address (RFC 8252).
INSERT INTO clients
    (id, name, developer_name, application_type, redirect_uris, post_logout_redirect_uris, grant_types, scopes,
     require_pkce, first_party, sector, created_at, updated_at)
VALUES
    ('samovar-desktop', 'Самовар', 'Самовар', 'native',
     '{http://127.0.0.1/callback, "http://[::1]/callback"}', '{}',
     '{authorization_code, refresh_token, "urn:ietf:params:oauth:grant-type:device_code"}',
     '{openid, profile, email, age, offline_access}', true, true, 'samovar', now(), now());

-- What `sub` for third parties is made of. It never changes and rests on no setting: games know their players by it.
CREATE TABLE subject_salt (
    id   boolean PRIMARY KEY DEFAULT true CHECK (id),
    salt bytea   NOT NULL
);

INSERT INTO subject_salt (salt) VALUES (uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()));

-- What people let programs know of them.
CREATE TABLE client_consents (
    account_id uuid        NOT NULL REFERENCES accounts ON DELETE CASCADE,
    client_id  text        NOT NULL REFERENCES clients ON DELETE CASCADE,
    scopes     text[]      NOT NULL,
    given_at   timestamptz NOT NULL,
    PRIMARY KEY (account_id, client_id)
);

CREATE INDEX client_consents_by_client ON client_consents (client_id);

-- Authorization codes (RFC 6749, section 4.1): a minute, one use.
CREATE TABLE authorization_codes (
    code_hash        bytea       PRIMARY KEY,
    client_id        text        NOT NULL REFERENCES clients ON DELETE CASCADE,
    account_id       uuid        NOT NULL REFERENCES accounts ON DELETE CASCADE,
    -- The browser's session in which it was given.
    parent_id        uuid        NOT NULL,
    redirect_uri     text        NOT NULL,
    scope            text        NOT NULL,
    nonce            text,
    code_challenge   text,
    amr              text[]      NOT NULL,
    acr              text        NOT NULL,
    authenticated_at timestamptz NOT NULL,
    expires_at       timestamptz NOT NULL,
    used_at          timestamptz,
    -- What it gave, so that a second use can take it back.
    grant_id         uuid
);

CREATE INDEX authorization_codes_by_expiry ON authorization_codes (expires_at);
CREATE INDEX authorization_codes_by_client ON authorization_codes (client_id);
CREATE INDEX authorization_codes_by_account ON authorization_codes (account_id);

-- Clients that are to be told of an end (OpenID Connect Back-Channel Logout 1.0): intent, attempts, outcome.
CREATE TABLE logout_notices (
    id              uuid        PRIMARY KEY,
    client_id       text        NOT NULL REFERENCES clients ON DELETE CASCADE,
    account_id      uuid        NOT NULL,
    grant_id        uuid        NOT NULL,
    uri             text        NOT NULL,
    state           text        NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'told', 'refused', 'expired')),
    attempts        integer     NOT NULL DEFAULT 0,
    next_attempt_at timestamptz NOT NULL,
    expires_at      timestamptz NOT NULL,
    last_error      text,
    settled_at      timestamptz
);

CREATE INDEX logout_notices_waiting ON logout_notices (next_attempt_at) WHERE state = 'waiting';
CREATE INDEX logout_notices_settled ON logout_notices (settled_at) WHERE settled_at IS NOT NULL;
CREATE INDEX logout_notices_by_client ON logout_notices (client_id);
