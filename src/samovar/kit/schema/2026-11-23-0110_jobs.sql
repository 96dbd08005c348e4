-- The turn of each job that runs in one process at a time.
CREATE TABLE kit.jobs (
    name         text        PRIMARY KEY,
    next_run_at  timestamptz NOT NULL,
    holder       uuid,
    leased_until timestamptz,
    last_done_at timestamptz,
    last_error   text
);
