-- Whose an app is: who may say what there is to achieve in it. All copies are made anew.
ALTER TABLE app_copies ADD COLUMN organisation_id uuid;
UPDATE app_copies SET known_version = 0;

-- What a developer has said of a game as a whole; its achievements and stats have rows of their own.
CREATE TABLE achievement_schemas (
    app_id     uuid        PRIMARY KEY,
    version    bigint      NOT NULL CHECK (version > 0),
    changed_at timestamptz NOT NULL,
    -- When it was last counted how many have what.
    counted_at timestamptz NOT NULL DEFAULT 'epoch'
);

CREATE INDEX achievement_schemas_by_count ON achievement_schemas (counted_at, app_id);

CREATE TABLE achievements (
    app_id           uuid    NOT NULL REFERENCES achievement_schemas,
    key              text    NOT NULL,
    place            integer NOT NULL,
    title            jsonb   NOT NULL,
    text             jsonb   NOT NULL,
    icon             text,
    locked_icon      text,
    is_hidden        boolean NOT NULL,
    -- What progress unlocks it; none: it has no progress.
    target           bigint  CHECK (target > 1),
    trust            text    NOT NULL CHECK (trust IN ('client', 'server')),
    -- The developer has taken it out: nobody gets it any more, and those who have it keep it.
    is_retired       boolean NOT NULL DEFAULT false,
    -- How many have it, of how many who have played, as last counted.
    unlocked_players bigint  NOT NULL DEFAULT 0,
    players          bigint  NOT NULL DEFAULT 0,
    PRIMARY KEY (app_id, key)
);

CREATE TABLE stats (
    app_id            uuid             NOT NULL REFERENCES achievement_schemas,
    key               text             NOT NULL,
    place             integer          NOT NULL,
    title             jsonb            NOT NULL,
    kind              text             NOT NULL CHECK (kind IN ('int', 'float', 'avgrate')),
    min               double precision,
    max               double precision,
    max_change        double precision,
    initial           double precision NOT NULL,
    window_s          integer,
    is_increment_only boolean          NOT NULL,
    trust             text             NOT NULL CHECK (trust IN ('client', 'server')),
    is_retired        boolean          NOT NULL DEFAULT false,
    PRIMARY KEY (app_id, key)
);

CREATE TABLE player_achievements (
    account_id  uuid        NOT NULL,
    app_id      uuid        NOT NULL,
    key         text        NOT NULL,
    progress    bigint      NOT NULL CHECK (progress >= 0),
    -- By the client's clock, as far as that can be believed.
    unlocked_at timestamptz,
    -- By ours.
    told_at     timestamptz NOT NULL,
    PRIMARY KEY (account_id, app_id, key)
);

CREATE INDEX player_achievements_unlocked ON player_achievements (app_id, key) WHERE unlocked_at IS NOT NULL;

CREATE TABLE player_stats (
    account_id     uuid             NOT NULL,
    app_id         uuid             NOT NULL,
    key            text             NOT NULL,
    value          double precision NOT NULL,
    -- Of an average rate: how much in how long.
    count          double precision NOT NULL DEFAULT 0,
    length_s       double precision NOT NULL DEFAULT 0,
    -- The last update that was counted into a rate: sent again, it is not counted again.
    last_update_id uuid,
    changed_at     timestamptz      NOT NULL,
    PRIMARY KEY (account_id, app_id, key)
);

-- For exports, which hand over a limited number of rows: one a game.
CREATE VIEW player_achievements_by_game AS
SELECT account_id, app_id, jsonb_agg(
    jsonb_build_object('key', key, 'progress', progress, 'unlocked_at', unlocked_at, 'told_at', told_at) ORDER BY key
) AS achievements
FROM player_achievements GROUP BY account_id, app_id;

CREATE VIEW player_stats_by_game AS
SELECT account_id, app_id, jsonb_object_agg(key, value) AS stats FROM player_stats GROUP BY account_id, app_id;
