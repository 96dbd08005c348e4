"""What keeps an index as fresh as the database: builds it, opens it, follows the changes."""
