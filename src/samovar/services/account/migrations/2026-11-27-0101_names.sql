-- Who has which unique name, and who had it lately: a name that was given up stays out of others' reach for a while, so that
-- nobody is taken for its former owner. One row a name, so that two people who want it wait for each other.
CREATE TABLE names (
    name_key   text        PRIMARY KEY,
    account_id uuid        NOT NULL REFERENCES accounts ON DELETE CASCADE,
    name       text        NOT NULL,
    taken_at   timestamptz NOT NULL,
    -- None while it is in use; else nobody but its former owner gets it before this moment.
    kept_until timestamptz
);

CREATE INDEX names_by_account ON names (account_id);

-- How a person is searched for: the folded display name; all their names, folded; whether strangers may find them.
ALTER TABLE accounts
    ADD COLUMN display_key text    NOT NULL DEFAULT '',
    ADD COLUMN search_key  text    NOT NULL DEFAULT '',
    ADD COLUMN is_listed   boolean NOT NULL DEFAULT true;

UPDATE accounts SET display_key = translate(lower(display_name), 'ё', 'е'), search_key = translate(lower(display_name), 'ё', 'е');
