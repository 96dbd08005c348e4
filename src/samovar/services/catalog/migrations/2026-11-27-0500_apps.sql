-- Who is credited as developer or publisher. The slug never changes: documents name creators by it.
CREATE TABLE creators (
    id              uuid        PRIMARY KEY,
    slug            text        NOT NULL UNIQUE CHECK (slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$'),
    name            text        NOT NULL,
    -- Who may edit it and what is credited to it; none for those that were imported.
    organisation_id uuid,
    website         text,
    followers       integer     NOT NULL DEFAULT 0,
    created_at      timestamptz NOT NULL
);

-- Words of the taxonomy: genres, categories, features, tags, series. A slug never changes.
CREATE TABLE terms (
    kind text NOT NULL CHECK (kind IN ('genre', 'category', 'feature', 'tag', 'series')),
    slug text NOT NULL CHECK (slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$'),
    -- Russian and English: {"ru": "…", "en": "…"}.
    names jsonb NOT NULL,
    PRIMARY KEY (kind, slug)
);

-- A thing with a store page and files. The page is one document (`schemas.AppDocument`); columns repeat what is looked for.
CREATE TABLE apps (
    id              uuid        PRIMARY KEY,
    slug            text        NOT NULL UNIQUE CHECK (slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$'),
    kind            text        NOT NULL CHECK (kind IN ('game', 'demo', 'dlc', 'soundtrack', 'tool')),
    -- The game that a demo, DLC or soundtrack belongs to.
    base_app_id     uuid        REFERENCES apps,
    organisation_id uuid,
    -- `draft`: never shown yet; `published`; `withdrawn`: no longer in the store, still in libraries.
    state           text        NOT NULL CHECK (state IN ('draft', 'published', 'withdrawn')),
    stage           text        NOT NULL CHECK (stage IN ('coming_soon', 'early_access', 'released')),
    released_on     date,
    title           text        NOT NULL,
    age_rating      smallint    NOT NULL CHECK (age_rating IN (0, 6, 12, 16, 18)),
    document        jsonb       NOT NULL,
    -- Counts the changes of the document.
    version         bigint      NOT NULL,
    -- Where it came from: `own`, `demo` (invented for show), `appstream`, …; with the key it has there, for a repeated import.
    origin          text        NOT NULL DEFAULT 'own',
    origin_key      text,
    -- How much it is asked for, any scale; search and lists order by it.
    popularity      real        NOT NULL DEFAULT 0,
    created_at      timestamptz NOT NULL,
    updated_at      timestamptz NOT NULL,
    UNIQUE (origin, origin_key),
    CHECK ((base_app_id IS NOT NULL) = (kind IN ('demo', 'dlc', 'soundtrack')))
);

CREATE INDEX apps_by_base ON apps (base_app_id) WHERE base_app_id IS NOT NULL;
CREATE INDEX apps_by_organisation ON apps (organisation_id) WHERE organisation_id IS NOT NULL;
CREATE INDEX apps_by_popularity ON apps (popularity DESC, id) WHERE state = 'published';

-- Every document that an app ever had: who changed it, when, why.
CREATE TABLE app_versions (
    app_id     uuid        NOT NULL REFERENCES apps ON DELETE CASCADE,
    version    bigint      NOT NULL,
    document   jsonb       NOT NULL,
    -- Who: none for an import and for jobs.
    account_id uuid,
    reason     text        NOT NULL,
    changed_at timestamptz NOT NULL,
    PRIMARY KEY (app_id, version)
);

-- What ties a tag to an app: its place in the developer's list, players' votes, a moderator's word.
CREATE TABLE app_tags (
    app_id           uuid     NOT NULL REFERENCES apps ON DELETE CASCADE,
    tag              text     NOT NULL,
    developer_place  smallint,
    player_votes     integer  NOT NULL DEFAULT 0,
    -- Adds to the weight; at or below -1000 the tag is banned from the app.
    moderator_weight integer  NOT NULL DEFAULT 0,
    -- What lists and search order by; computed by `domain.tag_weight` at each change.
    weight           integer  NOT NULL,
    PRIMARY KEY (app_id, tag)
);

CREATE TABLE tag_votes (
    app_id     uuid        NOT NULL,
    tag        text        NOT NULL,
    account_id uuid        NOT NULL,
    voted_at   timestamptz NOT NULL,
    PRIMARY KEY (app_id, tag, account_id)
);

CREATE INDEX tag_votes_by_account ON tag_votes (account_id, app_id);

-- What changed in the app itself, for its players: {"ru": "…", "en": "…"} texts by release.
CREATE TABLE changelog_entries (
    id           uuid        PRIMARY KEY,
    app_id       uuid        NOT NULL REFERENCES apps ON DELETE CASCADE,
    release      text        NOT NULL,
    texts        jsonb       NOT NULL,
    published_at timestamptz NOT NULL
);

CREATE INDEX changelog_by_app ON changelog_entries (app_id, published_at DESC, id);

-- What every search index must read again. A row a thing: the last change wins.
CREATE SEQUENCE search_changes_seq;
CREATE TABLE search_changes (
    app_id uuid   PRIMARY KEY,
    seq    bigint NOT NULL DEFAULT nextval('search_changes_seq')
);
CREATE INDEX search_changes_by_seq ON search_changes (seq);
