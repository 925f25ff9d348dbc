"""What is kept: tables, migrations, the unit of work of a turn, the outbox, sealing."""
