-- Devices that want to be signed in by another one (RFC 8628). Rows live for minutes and are deleted an hour after their end.
CREATE TABLE device_requests (
    id               uuid        PRIMARY KEY,
    -- Of the secret in the code that the new device polls with.
    secret_hash      bytea       NOT NULL,
    -- Of the code that people type, with a key that is not in the database: it is too short for a plain hash.
    user_code_mac    bytea       NOT NULL,
    client_id        text        NOT NULL,
    scope            text        NOT NULL,
    device_name      text        NOT NULL,
    address          text        NOT NULL,
    -- Shown on the new device, and among the numbers that the other one offers.
    match_number     smallint    NOT NULL,
    numbers          smallint[]  NOT NULL,
    state            text        NOT NULL DEFAULT 'waiting'
                     CHECK (state IN ('waiting', 'claimed', 'approved', 'used', 'dead')),
    end_reason       text,
    interval_s       smallint    NOT NULL,
    polled_at        timestamptz,
    created_at       timestamptz NOT NULL,
    expires_at       timestamptz NOT NULL,
    -- Who looked at it first, and in which session: nobody else can go on.
    account_id       uuid        REFERENCES accounts ON DELETE CASCADE,
    session_id       uuid,
    -- How the one who approved had shown who they are.
    amr              text[],
    acr              text,
    authenticated_at timestamptz,
    used_at          timestamptz,
    -- The session or grant that came of it.
    opened_id        uuid
) WITH (fillfactor = 70);

CREATE UNIQUE INDEX device_requests_by_user_code ON device_requests (user_code_mac);
CREATE INDEX device_requests_by_expiry ON device_requests (expires_at);
CREATE INDEX device_requests_by_account ON device_requests (account_id) WHERE account_id IS NOT NULL;
