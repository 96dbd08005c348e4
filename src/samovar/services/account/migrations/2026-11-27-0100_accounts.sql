-- A person as others see them. Made from auth's `account_registered`; the credentials stay there.
CREATE TABLE accounts (
    id               uuid        PRIMARY KEY,
    display_name     text        NOT NULL,
    -- A name of one's own choice, and the form in which no two may be alike; never the login.
    name             text,
    name_key         text        UNIQUE,
    name_changed_at  timestamptz,
    bio              text        NOT NULL DEFAULT '',
    links            jsonb       NOT NULL DEFAULT '[]',
    -- The picture's name by its content; none for the one that is drawn from the id.
    avatar           text,
    country          text,
    -- Whether others see the country.
    is_country_shown boolean     NOT NULL DEFAULT false,
    language         text        NOT NULL DEFAULT 'ru',
    -- Shown to nobody, the person included; others learn the age level at most.
    birth_date       date,
    age_source       text,
    age_level        smallint    NOT NULL DEFAULT 0 CHECK (age_level IN (0, 6, 12, 16, 18)),
    -- The day on which the next level begins.
    age_level_due    date,
    registered_at    timestamptz NOT NULL,
    -- Counts what others may have to copy again: the version of `profile_changed`.
    version          bigint      NOT NULL DEFAULT 1,
    CHECK ((name IS NULL) = (name_key IS NULL)),
    CHECK ((birth_date IS NULL) = (age_source IS NULL))
);

CREATE INDEX accounts_by_age_level_due ON accounts (age_level_due) WHERE age_level_due IS NOT NULL;
CREATE INDEX accounts_by_avatar ON accounts (avatar) WHERE avatar IS NOT NULL;
