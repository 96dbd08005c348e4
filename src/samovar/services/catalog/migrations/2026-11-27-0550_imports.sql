-- How far the import of a file has come: committed with what was written, so a killed one goes on where it stopped.
CREATE TABLE imports (
    -- SHA-256 of the file, hexadecimal.
    fingerprint text        PRIMARY KEY,
    -- Who works on it goes on only while this is theirs: starting anew makes another one.
    run_id      uuid        NOT NULL,
    state       text        NOT NULL CHECK (state IN ('running', 'done')),
    -- `exchange/domain.Position`.
    stage       smallint    NOT NULL,
    line        bigint      NOT NULL,
    new         bigint      NOT NULL DEFAULT 0,
    changed     bigint      NOT NULL DEFAULT 0,
    same        bigint      NOT NULL DEFAULT 0,
    refused     bigint      NOT NULL DEFAULT 0,
    started_at  timestamptz NOT NULL,
    updated_at  timestamptz NOT NULL
);

-- What was refused on the way there, for the report of whoever goes on.
CREATE TABLE import_faults (
    fingerprint text   NOT NULL REFERENCES imports ON DELETE CASCADE,
    seq         bigint GENERATED ALWAYS AS IDENTITY,
    -- `exchange/faults.Fault`.
    fault       jsonb  NOT NULL,
    PRIMARY KEY (fingerprint, seq)
);
