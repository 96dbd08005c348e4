"""Identity services for development and tests: VK ID, Yandex ID, T-ID, Sber ID, Telegram and MAX, each in its own dialect.

Recorded from the services' public documents. They share no code with the platform, so that a misreading of a document on one
side is not repeated on the other. By hand: `python -m samovar.simulators.identity --port 9700`.
"""
