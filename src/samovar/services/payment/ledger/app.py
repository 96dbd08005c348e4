"""The ledger's jobs; all else in it is called by the other rooms inside their transactions."""

from samovar.kit.workers import jobs_in
from samovar.services.payment.ledger import jobs

JOBS = jobs_in(jobs)
