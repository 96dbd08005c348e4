"""The services. Each is a folder with an `app.py`; one imports of another only its `contract`."""
