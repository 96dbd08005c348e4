-- The number of the taxpayer by which a register or a member of staff has confirmed an organisation, as developer tells. Nobody else is paid.
CREATE TABLE confirmed_inns (
    organisation_id uuid        PRIMARY KEY,
    inn             text        NOT NULL CHECK (length(inn) BETWEEN 1 AND 12),
    confirmed_at    timestamptz NOT NULL
);
