-- Of what a provider refused, the payer's bank may have taken a part: that part and the rest go different ways.
ALTER TABLE refund_parts DROP CONSTRAINT refund_parts_refund_id_fund_id_key;
