"""Personal data: a person gets all of it, or has it forgotten, over all services (152-ФЗ, articles 14 and 21)."""
