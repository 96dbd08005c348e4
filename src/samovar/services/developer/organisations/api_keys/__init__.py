"""API keys of organisations, which auth keeps."""
