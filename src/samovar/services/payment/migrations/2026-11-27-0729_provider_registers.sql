-- A day of a provider's register held against payments: what both say, and what only one of them does.
CREATE TABLE provider_registers (
    provider    text        NOT NULL CHECK (length(provider) <= 32),
    -- A day of Moscow.
    day         date        NOT NULL,
    -- `agreed`; `differs`; `unread`: the register could not be read; `none`: this provider has none.
    status      text        NOT NULL CHECK (status IN ('agreed', 'differs', 'unread', 'none')),
    -- Minor units of roubles: taken and sent back, by them and by us.
    taken_there bigint      NOT NULL CHECK (taken_there >= 0),
    taken_here  bigint      NOT NULL CHECK (taken_here >= 0),
    back_there  bigint      NOT NULL CHECK (back_there >= 0),
    back_here   bigint      NOT NULL CHECK (back_here >= 0),
    -- At most a hundred: kind, the provider's id, what they say and what we do.
    differences jsonb       NOT NULL DEFAULT '[]',
    found       int         NOT NULL DEFAULT 0,
    checked_at  timestamptz NOT NULL,
    PRIMARY KEY (provider, day)
);
