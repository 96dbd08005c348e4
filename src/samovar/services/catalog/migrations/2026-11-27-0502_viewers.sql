-- What account told of people that decides what they may see here. A person without a row is of level 0 and said no country.
CREATE TABLE viewers (
    account_id       uuid     PRIMARY KEY,
    -- 0, 6, 12, 16 or 18.
    age_level        smallint NOT NULL DEFAULT 0,
    country          text,
    settings_version bigint   NOT NULL DEFAULT 0
);

-- What library told of licences: who owns which app. Library is the owner; this is for lists and filters.
CREATE TABLE owned_apps (
    account_id uuid        NOT NULL,
    app_id     uuid        NOT NULL,
    since      timestamptz NOT NULL,
    PRIMARY KEY (account_id, app_id)
);
