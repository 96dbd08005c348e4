-- What developers tell of their apps.
CREATE TABLE news_posts (
    id           uuid        PRIMARY KEY,
    app_id       uuid        NOT NULL REFERENCES apps ON DELETE CASCADE,
    -- `release` tells of a version and stands in the changelog, too.
    kind         text        NOT NULL CHECK (kind IN ('news', 'release')),
    state        text        NOT NULL CHECK (state IN ('draft', 'scheduled', 'published', 'withdrawn')),
    -- {"ru": {"title": "…", "text": "…"}, "en": …}
    texts        jsonb       NOT NULL,
    version      text,
    -- A build that download knows, and the branch that gives it.
    build_id     uuid,
    branch       text,
    -- When it is published; none with `scheduled`: when that branch gives that build to everybody.
    publish_at   timestamptz,
    published_at timestamptz,
    -- Since then it reads otherwise than it was published.
    edited_at    timestamptz,
    author_id    uuid,
    created_at   timestamptz NOT NULL,
    changed_at   timestamptz NOT NULL,
    CHECK (state NOT IN ('published', 'withdrawn') OR published_at IS NOT NULL),
    CHECK (state <> 'scheduled' OR publish_at IS NOT NULL OR build_id IS NOT NULL)
);

CREATE INDEX news_posts_of_app ON news_posts (app_id, created_at DESC, id DESC);
CREATE INDEX news_posts_shown ON news_posts (app_id, published_at DESC, id DESC) WHERE state = 'published';
CREATE INDEX news_posts_due ON news_posts (publish_at, id) WHERE state = 'scheduled' AND publish_at IS NOT NULL;
CREATE INDEX news_posts_of_build ON news_posts (build_id) WHERE state = 'scheduled' AND build_id IS NOT NULL;
