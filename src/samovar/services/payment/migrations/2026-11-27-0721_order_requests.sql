-- Which request made an order that waits for a provider: the answer is not known when the order is. Should the process die between the
-- two, the same request finds its order again; another one hears that the quote is taken.
CREATE TABLE order_requests (
    order_id        uuid PRIMARY KEY REFERENCES orders,
    idempotency_key text NOT NULL
);
