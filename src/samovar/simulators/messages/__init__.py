"""Where mails, text messages and calls of development end up: an SMTP server, a phone gateway, and a page that shows what came.

Nothing leaves this machine. Every message is also written to the log, so that its code can be read on the console.
"""
