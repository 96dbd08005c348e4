-- Deltas from one build to another, made in the background.
CREATE TABLE delta_sets (
    from_build_id uuid        NOT NULL REFERENCES builds,
    build_id      uuid        NOT NULL REFERENCES builds,
    app_id        uuid        NOT NULL,
    -- None: it has not been made; it is tried again later, or has been tried often enough.
    content       bytea,
    attempts      int         NOT NULL,
    failure       text,
    tried_at      timestamptz NOT NULL,
    PRIMARY KEY (build_id, from_build_id)
);

CREATE INDEX delta_sets_by_old_build ON delta_sets (from_build_id);
