"""Payment providers, cash registers and a bank in one process: `python -m samovar.simulators.money --port 9800`.

One process and not three, because each would cost as much memory as a small service. Its front page shows where everything is.
"""
