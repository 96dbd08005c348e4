-- Copies of what other services call things, kept up by their events.
CREATE TABLE app_names (
    app_id   uuid    PRIMARY KEY,
    slug     text    NOT NULL,
    title    text    NOT NULL,
    -- It can be played.
    is_out   boolean NOT NULL,
    version  bigint  NOT NULL
);

CREATE TABLE package_apps (
    package_id uuid   PRIMARY KEY,
    app_id     uuid   NOT NULL,
    version    bigint NOT NULL
);

CREATE TABLE people (
    account_id   uuid   PRIMARY KEY,
    display_name text   NOT NULL,
    avatar_url   text   NOT NULL,
    version      bigint NOT NULL
);

CREATE TABLE organisation_names (
    organisation_id uuid   PRIMARY KEY,
    name            text   NOT NULL,
    version         bigint NOT NULL
);

-- Who owns or keeps the books of an organisation; `seat_words` says how new the word of an account is.
CREATE TABLE seats (
    account_id      uuid NOT NULL,
    organisation_id uuid NOT NULL,
    level           text NOT NULL,
    PRIMARY KEY (account_id, organisation_id, level)
);

CREATE INDEX seats_by_organisation ON seats (organisation_id);

CREATE TABLE seat_words (
    account_id uuid        PRIMARY KEY,
    said_at    timestamptz NOT NULL
);
