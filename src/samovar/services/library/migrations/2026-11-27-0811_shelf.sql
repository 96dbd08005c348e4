-- What catalog says of apps, copied: what a list of a library is searched and sorted by.
CREATE TABLE app_copies (
    app_id        uuid   PRIMARY KEY,
    slug          text,
    title_ru      text,
    title_en      text,
    -- By what titles are ordered, code point by code point.
    sort_ru       text   COLLATE "C",
    sort_en       text   COLLATE "C",
    -- The words of both titles.
    words         text   NOT NULL DEFAULT '',
    kind          text,
    base_app_id   uuid,
    capsule_url   text,
    -- The version that is copied here; 0: none yet.
    known_version bigint NOT NULL DEFAULT 0,
    -- The highest one that was told of.
    told_version  bigint NOT NULL DEFAULT 1
);

CREATE INDEX app_copies_behind ON app_copies (app_id) WHERE known_version < told_version;

INSERT INTO app_copies (app_id) SELECT DISTINCT app_id FROM library_entries;

-- What a player has said of a game: only where it is not as it was given.
CREATE TABLE shelf_marks (
    account_id   uuid    NOT NULL,
    app_id       uuid    NOT NULL,
    is_hidden    boolean NOT NULL DEFAULT false,
    is_favourite boolean NOT NULL DEFAULT false,
    PRIMARY KEY (account_id, app_id)
);

CREATE TABLE collections (
    id         uuid        PRIMARY KEY,
    account_id uuid        NOT NULL,
    name       text        NOT NULL,
    -- The words of the name: two collections of one player never read alike.
    name_words text        NOT NULL,
    -- The order in which they are shown, from 0 on.
    place      integer     NOT NULL CHECK (place >= 0),
    created_at timestamptz NOT NULL,
    UNIQUE (account_id, name_words)
);

CREATE TABLE collection_apps (
    account_id    uuid NOT NULL,
    app_id        uuid NOT NULL,
    collection_id uuid NOT NULL REFERENCES collections ON DELETE CASCADE,
    PRIMARY KEY (account_id, app_id, collection_id)
);

CREATE INDEX collection_apps_by_collection ON collection_apps (collection_id, app_id);
