-- What two accounts are to each other: one row a pair, however often they ask, part and block. It is changed under the locks
-- of both rows in `accounts`, taken in the order of the ids.
CREATE TABLE relations (
    low_id               uuid        NOT NULL REFERENCES accounts ON DELETE CASCADE,
    high_id              uuid        NOT NULL REFERENCES accounts ON DELETE CASCADE,
    -- Counts the events about the pair.
    version              bigint      NOT NULL,
    friends_since        timestamptz,
    -- The last request between the two.
    request_id           uuid        UNIQUE,
    request_sender_id    uuid,
    request_recipient_id uuid,
    request_state        text        CHECK (request_state IN ('pending', 'accepted', 'declined', 'canceled', 'expired')),
    request_sent_at      timestamptz,
    -- The recipient must not see it: when it came, or while it waited, they blocked its sender.
    request_withheld     boolean     NOT NULL DEFAULT false,
    -- How many requests of this side the other declined in a row, and when it may ask again.
    low_declines         smallint    NOT NULL,
    low_may_ask_at       timestamptz,
    low_blocks_since     timestamptz,
    -- What this side calls the other; shown to nobody else.
    low_nickname         text,
    low_favourite        boolean     NOT NULL,
    high_declines        smallint    NOT NULL,
    high_may_ask_at      timestamptz,
    high_blocks_since    timestamptz,
    high_nickname        text,
    high_favourite       boolean     NOT NULL,
    PRIMARY KEY (low_id, high_id),
    CHECK (low_id < high_id),
    CONSTRAINT friends_do_not_block CHECK (
        friends_since IS NULL OR (low_blocks_since IS NULL AND high_blocks_since IS NULL)
    ),
    CONSTRAINT friends_have_accepted CHECK ((friends_since IS NOT NULL) = (request_state IS NOT DISTINCT FROM 'accepted')),
    CONSTRAINT blocked_requests_are_withheld CHECK (
        request_state IS DISTINCT FROM 'pending' OR request_withheld
        OR (low_blocks_since IS NULL AND high_blocks_since IS NULL)
    ),
    CONSTRAINT requests_are_whole CHECK (
        num_nulls(request_id, request_sender_id, request_recipient_id, request_state, request_sent_at) IN (0, 5)
    ),
    CONSTRAINT requests_are_between_the_two CHECK (
        (request_sender_id, request_recipient_id) IN ((low_id, high_id), (high_id, low_id))
    ),
    CONSTRAINT only_friends_have_nicknames CHECK (
        friends_since IS NOT NULL OR (num_nonnulls(low_nickname, high_nickname) = 0 AND NOT low_favourite AND NOT high_favourite)
    )
);

CREATE INDEX relations_by_high ON relations (high_id);
CREATE INDEX friends_by_low ON relations (low_id) WHERE friends_since IS NOT NULL;
CREATE INDEX friends_by_high ON relations (high_id) WHERE friends_since IS NOT NULL;
CREATE INDEX blocks_by_low ON relations (low_id) WHERE low_blocks_since IS NOT NULL;
CREATE INDEX blocks_by_high ON relations (high_id) WHERE high_blocks_since IS NOT NULL;
CREATE INDEX pending_by_sender ON relations (request_sender_id, request_id) WHERE request_state = 'pending';
CREATE INDEX pending_by_recipient ON relations (request_recipient_id, request_id) WHERE request_state = 'pending';
CREATE INDEX pending_by_age ON relations (request_sent_at) WHERE request_state = 'pending';

-- The same, as one of the two sees it: each row once for either.
CREATE VIEW relation_sides AS
SELECT low_id AS account_id, high_id AS other_id, version, friends_since, low_nickname AS nickname,
       low_favourite AS favourite, low_blocks_since AS blocks_since
FROM relations
UNION ALL
SELECT high_id, low_id, version, friends_since, high_nickname, high_favourite, high_blocks_since
FROM relations;

-- When an account's requests of a day are all available again.
CREATE TABLE friend_asks (
    account_id uuid        PRIMARY KEY REFERENCES accounts ON DELETE CASCADE,
    full_at    timestamptz NOT NULL
);
