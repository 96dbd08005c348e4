"""The second factor: what a sign-in waits for, and how a session is made surer later."""
