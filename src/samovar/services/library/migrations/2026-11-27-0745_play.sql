-- What an account keeps of an app that it has, or had: how long it played. A row for each app that was ever granted or played.
CREATE TABLE library_entries (
    account_id      uuid        NOT NULL,
    app_id          uuid        NOT NULL,
    -- The sum of the rows of played_spans: never counted twice, whatever runs at one time.
    played_s        bigint      NOT NULL DEFAULT 0 CHECK (played_s >= 0),
    -- What an operator noted of the time before: of another platform, say.
    brought_s       bigint      NOT NULL DEFAULT 0 CHECK (brought_s >= 0),
    first_played_at timestamptz,
    last_played_at  timestamptz,
    PRIMARY KEY (account_id, app_id)
) WITH (fillfactor = 85);

INSERT INTO library_entries (account_id, app_id)
SELECT DISTINCT account_id, app_id FROM licences, unnest(app_ids) AS app_id
ON CONFLICT DO NOTHING;

-- When an app was played: spans that neither overlap nor touch, in whole seconds.
CREATE TABLE played_spans (
    account_id uuid        NOT NULL,
    app_id     uuid        NOT NULL,
    started_at timestamptz NOT NULL,
    ended_at   timestamptz NOT NULL,
    PRIMARY KEY (account_id, app_id, ended_at),
    CHECK (started_at < ended_at)
);

CREATE TABLE play_sessions (
    id                uuid        PRIMARY KEY,
    account_id        uuid        NOT NULL,
    app_id            uuid        NOT NULL,
    -- The client's name for the machine.
    device_id         text        NOT NULL,
    -- The client's name for the session: a second one under it is the same session.
    client_session_id uuid        NOT NULL,
    is_offline        boolean     NOT NULL DEFAULT false,
    started_at        timestamptz NOT NULL,
    last_beat_at      timestamptz NOT NULL,
    last_seq          bigint      NOT NULL DEFAULT 0,
    ended_at          timestamptz,
    end_reason        text,
    UNIQUE (account_id, client_session_id),
    CHECK ((ended_at IS NULL) = (end_reason IS NULL)),
    CHECK (started_at <= last_beat_at)
);

CREATE INDEX play_sessions_live ON play_sessions (account_id, app_id) WHERE ended_at IS NULL;
CREATE INDEX play_sessions_silent ON play_sessions (last_beat_at, id) WHERE ended_at IS NULL;
CREATE INDEX play_sessions_by_device ON play_sessions (account_id, device_id, ended_at);
CREATE INDEX play_sessions_over ON play_sessions (ended_at, id) WHERE ended_at IS NOT NULL;
