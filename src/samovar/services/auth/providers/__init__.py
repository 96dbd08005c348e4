"""Signing in with an outside identity service: VK ID, Yandex ID, T-ID, Sber ID, Telegram, MAX."""
