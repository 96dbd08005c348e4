-- What the staff did about money that no provider sends back: who, when and why, once a step.
CREATE TABLE stuck_money_steps (
    id        uuid        PRIMARY KEY,
    return_id uuid        NOT NULL REFERENCES payment_refunds,
    -- `retried`: the provider is asked again; `proposed`: a second person is to let it go to the wallet; `moved`: it is in the wallet.
    step      text        NOT NULL CHECK (step IN ('retried', 'proposed', 'moved')),
    actor_id  uuid        NOT NULL,
    note      text        CHECK (length(note) <= 500),
    taken_at  timestamptz NOT NULL
);

CREATE INDEX stuck_money_steps_by_return ON stuck_money_steps (return_id, taken_at);
-- Money goes to a wallet once.
CREATE UNIQUE INDEX stuck_money_moved_once ON stuck_money_steps (return_id) WHERE step = 'moved';
