"""`samovar`: the one command of operators and engineers."""
