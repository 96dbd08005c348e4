-- What a person did with their account, for themselves to look back at; kept for half a year. The account's row may come
-- later than its first session, so there is no reference to it.
CREATE TABLE actions (
    id          uuid        PRIMARY KEY,
    account_id  uuid        NOT NULL,
    kind        text        NOT NULL,
    params      jsonb       NOT NULL DEFAULT '{}',
    session_id  uuid,
    happened_at timestamptz NOT NULL
);

CREATE INDEX actions_by_account ON actions (account_id, happened_at DESC, id DESC);
CREATE INDEX actions_by_time ON actions (happened_at);
