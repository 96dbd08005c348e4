"""Who is paid."""
