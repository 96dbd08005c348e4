-- Mails, text messages and calls that this service has promised to send. Written in the transaction that needs them.
-- Whom it goes to and what it says stay here only while it waits; the rest of the row is kept for 30 days.
CREATE TABLE kit.outgoing_messages (
    id              uuid        PRIMARY KEY,
    channel         text        NOT NULL CHECK (channel IN ('mail', 'phone')),
    message         jsonb,
    state           text        NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'sent', 'refused', 'expired')),
    attempts        integer     NOT NULL DEFAULT 0,
    next_attempt_at timestamptz NOT NULL DEFAULT now(),
    expires_at      timestamptz NOT NULL,
    created_at      timestamptz NOT NULL DEFAULT now(),
    settled_at      timestamptz,
    last_error      text,
    CONSTRAINT only_what_waits_has_a_body CHECK ((state = 'waiting') = (message IS NOT NULL)),
    CONSTRAINT only_what_waits_is_not_settled CHECK ((state = 'waiting') = (settled_at IS NULL))
);
CREATE INDEX outgoing_messages_waiting ON kit.outgoing_messages (channel, next_attempt_at) WHERE state = 'waiting';
CREATE INDEX outgoing_messages_settled_at ON kit.outgoing_messages (settled_at) WHERE settled_at IS NOT NULL;
