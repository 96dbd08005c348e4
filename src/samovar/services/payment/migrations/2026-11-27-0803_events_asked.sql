-- When a provider was last asked about what it had told: no payment is asked about more often than once a second.
ALTER TABLE provider_events ADD COLUMN asked_at timestamptz;
