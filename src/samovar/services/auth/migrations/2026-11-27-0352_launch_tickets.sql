-- What a game hands to its server to show who plays. A row outlives its minute, so that a second use is noticed.
CREATE TABLE launch_tickets (
    id          uuid        PRIMARY KEY,
    account_id  uuid        NOT NULL REFERENCES accounts ON DELETE CASCADE,
    -- The session in which the game was started; the ticket ends with it.
    session_id  uuid        NOT NULL,
    game_id     uuid        NOT NULL,
    ticket_hash bytea       NOT NULL UNIQUE,
    auth_time   timestamptz NOT NULL,
    acr         text        NOT NULL,
    created_at  timestamptz NOT NULL,
    expires_at  timestamptz NOT NULL,
    redeemed_at timestamptz,
    -- The account, and the API key or session, of whoever redeemed it.
    redeemed_by uuid,
    redeemed_in uuid
);

CREATE INDEX launch_tickets_by_account ON launch_tickets (account_id);
CREATE INDEX launch_tickets_by_time ON launch_tickets (expires_at);
