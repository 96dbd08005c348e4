-- What players say of apps. One review an account and app; it is edited, never written twice.
CREATE TABLE reviews (
    id           uuid        PRIMARY KEY,
    app_id       uuid        NOT NULL REFERENCES apps,
    account_id   uuid        NOT NULL,
    recommended  boolean     NOT NULL,
    text         text        NOT NULL,
    language     text        NOT NULL,
    -- Minutes played when it was written, or edited last; none where library does not know.
    play_minutes integer     CHECK (play_minutes >= 0),
    -- How its author came to the app: the kind of the licence as library names it.
    acquired_as  text        NOT NULL,
    -- The licence was revoked: the review stays and counts no more.
    refunded_at  timestamptz,
    -- A moderator took it out of sight; why and who stands in `review_decisions`.
    hidden_at    timestamptz,
    helpful      integer     NOT NULL DEFAULT 0 CHECK (helpful >= 0),
    unhelpful    integer     NOT NULL DEFAULT 0 CHECK (unhelpful >= 0),
    funny        integer     NOT NULL DEFAULT 0 CHECK (funny >= 0),
    -- `scores.helpfulness` of the two counts: what the most helpful come first by.
    helpfulness  integer     NOT NULL,
    version      bigint      NOT NULL DEFAULT 1,
    created_at   timestamptz NOT NULL,
    edited_at    timestamptz,
    UNIQUE (app_id, account_id)
);

CREATE INDEX reviews_by_helpfulness ON reviews (app_id, helpfulness DESC, id DESC) WHERE hidden_at IS NULL;
CREATE INDEX reviews_by_age ON reviews (app_id, id DESC) WHERE hidden_at IS NULL;
CREATE INDEX reviews_by_account ON reviews (account_id);

CREATE TABLE review_votes (
    review_id  uuid        NOT NULL REFERENCES reviews ON DELETE CASCADE,
    account_id uuid        NOT NULL,
    value      text        NOT NULL CHECK (value IN ('helpful', 'unhelpful', 'funny')),
    voted_at   timestamptz NOT NULL,
    PRIMARY KEY (review_id, account_id)
);

CREATE INDEX review_votes_by_account ON review_votes (account_id);

-- What the developer answers: the organisation speaks, whoever of it wrote.
CREATE TABLE review_answers (
    review_id   uuid        PRIMARY KEY REFERENCES reviews ON DELETE CASCADE,
    actor_id    uuid,
    text        text        NOT NULL,
    answered_at timestamptz NOT NULL,
    edited_at   timestamptz
);

-- What moderators decided of a review; it outlives the review.
CREATE TABLE review_decisions (
    id         uuid        PRIMARY KEY,
    review_id  uuid        NOT NULL,
    actor_id   uuid,
    decision   text        NOT NULL CHECK (decision IN ('hidden', 'restored')),
    reason     text        NOT NULL,
    decided_at timestamptz NOT NULL
);

CREATE INDEX review_decisions_by_review ON review_decisions (review_id, decided_at);

-- The reviews that count, by the day (UTC) on which they were written: the window of 30 days moves over these.
CREATE TABLE review_days (
    app_id   uuid    NOT NULL,
    day      date    NOT NULL,
    language text    NOT NULL,
    positive integer NOT NULL CHECK (positive >= 0),
    negative integer NOT NULL CHECK (negative >= 0),
    PRIMARY KEY (app_id, day, language)
);

-- The score of an app; without a row it has no review. Joined by search, cards and lists.
CREATE TABLE review_scores (
    app_id       uuid    PRIMARY KEY,
    -- All that may be read, also those that do not count.
    reviews      integer NOT NULL DEFAULT 0 CHECK (reviews >= 0),
    positive     integer NOT NULL DEFAULT 0 CHECK (positive >= 0),
    negative     integer NOT NULL DEFAULT 0 CHECK (negative >= 0),
    -- Of the 30 days up to `recent_on`, this day included.
    positive_30d integer NOT NULL DEFAULT 0 CHECK (positive_30d >= 0),
    negative_30d integer NOT NULL DEFAULT 0 CHECK (negative_30d >= 0),
    recent_on    date    NOT NULL DEFAULT '1970-01-01',
    -- `scores.rating` of positive and negative: what lists order by. Parts of a million.
    rating       integer NOT NULL DEFAULT 0,
    version      bigint  NOT NULL DEFAULT 0
);

CREATE INDEX review_scores_with_recent ON review_scores (recent_on) WHERE positive_30d + negative_30d > 0;

CREATE TABLE review_language_scores (
    app_id   uuid    NOT NULL,
    language text    NOT NULL,
    positive integer NOT NULL CHECK (positive >= 0),
    negative integer NOT NULL CHECK (negative >= 0),
    PRIMARY KEY (app_id, language)
);
