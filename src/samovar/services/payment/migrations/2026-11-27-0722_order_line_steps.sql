-- The price of a line step by step, as the quote told it: nobody who reads it later has to round as catalog did.
ALTER TABLE order_lines
    ADD COLUMN reduced bigint,
    ADD COLUMN price bigint;
