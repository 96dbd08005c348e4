CREATE TABLE branches (
    app_id            uuid        NOT NULL,
    name              text        NOT NULL,
    build_id          uuid        NOT NULL REFERENCES builds,
    -- Who is not in the part that gets `build_id` stays with this one; none: nobody was there before.
    previous_build_id uuid        REFERENCES builds,
    -- How many of a hundred get `build_id`.
    percent           int         NOT NULL CHECK (percent BETWEEN 1 AND 100),
    -- The rollout is stopped: who has `build_id` keeps it, nobody else gets it.
    is_stopped        boolean     NOT NULL DEFAULT false,
    -- Hash of the password; none: open to all who may download the app.
    password          text,
    -- Grows with every change of what players get: the number that the platform signs against rollbacks.
    sequence          bigint      NOT NULL,
    changed_at        timestamptz NOT NULL,
    PRIMARY KEY (app_id, name)
);

CREATE INDEX branches_by_build ON branches (build_id);
CREATE INDEX branches_by_previous_build ON branches (previous_build_id);

-- What a branch was, change by change.
CREATE TABLE branch_versions (
    app_id     uuid        NOT NULL,
    name       text        NOT NULL,
    sequence   bigint      NOT NULL,
    build_id   uuid        NOT NULL,
    percent    int         NOT NULL,
    is_stopped boolean     NOT NULL,
    account_id uuid        NOT NULL,
    changed_at timestamptz NOT NULL,
    note       text        NOT NULL,
    PRIMARY KEY (app_id, name, sequence)
);
