"""Where things are kept: the database on SQLite or PostgreSQL, its shared tables, migrations and wake-ups."""
