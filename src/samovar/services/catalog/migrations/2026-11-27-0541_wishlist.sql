-- How much each person keeps in their lists; its lock makes the limits hold whatever is sent at once.
CREATE TABLE wishers (
    account_id uuid    PRIMARY KEY,
    wishes     integer NOT NULL DEFAULT 0 CHECK (wishes >= 0),
    ignored    integer NOT NULL DEFAULT 0 CHECK (ignored >= 0),
    followed   integer NOT NULL DEFAULT 0 CHECK (followed >= 0)
);

CREATE TABLE wishes (
    account_id uuid        NOT NULL,
    app_id     uuid        NOT NULL REFERENCES apps,
    -- From 1, without gaps. The order is the person's own.
    rank       integer     NOT NULL CHECK (rank > 0),
    added_at   timestamptz NOT NULL,
    PRIMARY KEY (account_id, app_id)
);

CREATE INDEX wishes_by_app ON wishes (app_id, account_id);

-- Apps that a person does not want to be shown.
CREATE TABLE ignored_apps (
    account_id uuid        NOT NULL,
    app_id     uuid        NOT NULL REFERENCES apps,
    since      timestamptz NOT NULL,
    PRIMARY KEY (account_id, app_id)
);

-- Developers and publishers whose news a person wants; `creators.followers` counts them.
CREATE TABLE followed_creators (
    account_id uuid        NOT NULL,
    creator_id uuid        NOT NULL REFERENCES creators,
    since      timestamptz NOT NULL,
    PRIMARY KEY (account_id, creator_id)
);

CREATE INDEX followed_creators_by_creator ON followed_creators (creator_id, account_id);

-- How far each app had come when it was last looked at: a step from there is news.
CREATE TABLE wish_stages (
    app_id      uuid    PRIMARY KEY,
    version     bigint  NOT NULL,
    is_shown    boolean NOT NULL,
    stage       text    NOT NULL
);

-- News that is being told to those who wait for it. A cause is told once; an account at a time, in their order.
CREATE TABLE wish_alerts (
    id         uuid        PRIMARY KEY,
    app_id     uuid        NOT NULL,
    -- `released`, `left_early_access`, `creator`, or `discount:<id>`.
    cause      text        NOT NULL,
    percent    smallint,
    began_at   timestamptz NOT NULL,
    -- The last account that was told; none at the beginning.
    told_up_to uuid,
    done_at    timestamptz,
    UNIQUE (app_id, cause)
);

CREATE INDEX wish_alerts_open ON wish_alerts (id) WHERE done_at IS NULL;
