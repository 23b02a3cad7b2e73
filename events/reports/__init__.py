"""What a period's report tells, from the records, and what is kept of it."""
