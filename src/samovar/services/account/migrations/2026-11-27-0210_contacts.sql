-- Where a person can be reached; whether they have shown that it is theirs. One of a kind an account.
CREATE TABLE contacts (
    account_id  uuid        NOT NULL,
    kind        text        NOT NULL CHECK (kind IN ('email', 'phone')),
    value       text        NOT NULL,
    verified_at timestamptz,
    added_at    timestamptz NOT NULL,
    PRIMARY KEY (account_id, kind)
);
-- Whoever has proved it has it alone.
CREATE UNIQUE INDEX contacts_verified_once ON contacts (kind, value) WHERE verified_at IS NOT NULL;
CREATE INDEX contacts_by_value ON contacts (kind, value);

-- A code that was sent and waits to come back; the code itself is not kept.
CREATE TABLE contact_codes (
    account_id uuid        NOT NULL,
    kind       text        NOT NULL CHECK (kind IN ('email', 'phone')),
    value      text        NOT NULL,
    method     text        NOT NULL CHECK (method IN ('email', 'sms', 'flash_call', 'reverse_call')),
    code_hash  bytea       NOT NULL,
    message_id uuid        NOT NULL,
    tries_left smallint    NOT NULL,
    -- How many were sent for this value, this one included.
    sent_count integer     NOT NULL,
    sent_at    timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    PRIMARY KEY (account_id, kind)
);
CREATE INDEX contact_codes_by_expiry ON contact_codes (expires_at);
