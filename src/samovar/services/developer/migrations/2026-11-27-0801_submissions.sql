-- Drafts that developers want to see in the store, and what became of each.
CREATE TABLE submissions (
    id              uuid        PRIMARY KEY,
    app_id          uuid        NOT NULL,
    organisation_id uuid        NOT NULL,
    -- The draft that was submitted, as catalog names and counts: another one is not released in its place. None and 0: the page of an app
    -- that never had a draft.
    draft_id        uuid,
    draft_version   bigint      NOT NULL,
    is_first        boolean     NOT NULL,
    note            text        NOT NULL,
    state           text        NOT NULL CHECK (
        state IN ('submitted', 'approved', 'changes_requested', 'refused', 'withdrawn', 'releasing', 'released', 'outdated')
    ),
    account_id      uuid        NOT NULL,
    made_at         timestamptz NOT NULL,
    decided_by      uuid,
    decided_at      timestamptz,
    reason          text,
    -- When it goes to the store; then, with `releasing`, when catalog is asked next.
    release_at      timestamptz,
    next_try_at     timestamptz,
    tries           integer     NOT NULL DEFAULT 0,
    -- Why catalog did not take it: a stable code.
    failure         text,
    page_version    bigint,
    ended_at        timestamptz
);

CREATE INDEX submissions_by_app ON submissions (app_id, made_at DESC, id DESC);
CREATE UNIQUE INDEX submissions_open ON submissions (app_id) WHERE state IN ('submitted', 'approved', 'releasing');
CREATE INDEX submissions_waiting ON submissions (made_at, id) WHERE state = 'submitted';
CREATE INDEX submissions_due ON submissions (next_try_at) WHERE state = 'releasing';
