-- Objects that nothing names any more: they go from the store after a time of grace, because who has a plan may still fetch them.
CREATE TABLE waste (
    kind     text        NOT NULL,
    id       bytea       NOT NULL,
    since    timestamptz NOT NULL,
    -- From then on the bytes may be gone at any moment: who wants to store the same waits.
    begun_at timestamptz,
    -- The bytes are gone.
    ended_at timestamptz,
    PRIMARY KEY (kind, id)
);

CREATE INDEX waste_by_age ON waste (since);
