-- When somebody was last given a plan, to the day.
ALTER TABLE plans ADD COLUMN used_at timestamptz;

-- Which objects a set of deltas needs.
CREATE TABLE delta_objects (
    build_id      uuid  NOT NULL,
    from_build_id uuid  NOT NULL,
    app_id        uuid  NOT NULL,
    kind          text  NOT NULL,
    id            bytea NOT NULL,
    PRIMARY KEY (build_id, from_build_id, kind, id),
    FOREIGN KEY (build_id, from_build_id) REFERENCES delta_sets ON DELETE CASCADE
);

CREATE INDEX delta_objects_by_name ON delta_objects (app_id, kind, id);
