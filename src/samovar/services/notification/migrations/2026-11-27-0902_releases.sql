-- Who bought what before it was out, until they are told that it is.
CREATE TABLE preorders (
    app_id     uuid        NOT NULL,
    account_id uuid        NOT NULL,
    line_id    uuid        NOT NULL,
    bought_at  timestamptz NOT NULL,
    PRIMARY KEY (app_id, account_id)
);

CREATE INDEX preorders_by_account ON preorders (account_id);
CREATE INDEX preorders_by_line ON preorders (line_id);

-- The apps that anybody ever bought before they were out: few, so that looking for one that has come out costs little.
CREATE TABLE awaited_apps (
    app_id uuid PRIMARY KEY
);

-- Lines that were taken back, perhaps before their purchase was heard of.
CREATE TABLE lost_lines (
    line_id uuid        PRIMARY KEY,
    lost_at timestamptz NOT NULL
);

CREATE INDEX lost_lines_by_age ON lost_lines (lost_at);
