-- An order is fulfilled when everything in it is out, too: what was bought in advance and is waited for was called fulfilled too early.
UPDATE orders o SET status = CASE WHEN status = 'fulfilled' THEN 'paid' ELSE status END, fulfilled_at = NULL, version = version + 1
WHERE o.fulfilled_at IS NOT NULL AND o.status IN ('fulfilled', 'partially_refunded') AND EXISTS (
    SELECT FROM order_lines l WHERE l.order_id = o.id AND l.is_preorder AND l.delivered_at IS NULL AND l.refunded_at IS NULL
);
