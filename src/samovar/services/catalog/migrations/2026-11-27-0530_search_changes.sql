-- Which transaction marked it. A reader that has seen all of those before the oldest one still running misses nothing, although numbers
-- of a sequence commit out of order.
ALTER TABLE search_changes ADD COLUMN xid xid8 NOT NULL DEFAULT pg_current_xact_id();

-- What people call games, beside the list that comes with Samovar and the pages' own aliases. Read by every process within a minute.
CREATE TABLE search_aliases (
    alias text NOT NULL CHECK (alias <> ''),
    title text NOT NULL CHECK (title <> ''),
    PRIMARY KEY (alias, title)
);
