-- Which request made which top-up: a repetition of one whose answer was never given finds what it made.
CREATE TABLE top_up_requests (
    account_id  uuid NOT NULL,
    request_key text NOT NULL CHECK (length(request_key) <= 255),
    top_up_id   uuid NOT NULL REFERENCES top_ups,
    PRIMARY KEY (account_id, request_key)
);

CREATE INDEX top_up_requests_by_top_up ON top_up_requests (top_up_id);
