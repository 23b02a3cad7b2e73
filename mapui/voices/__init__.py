"""What people say and ask for: their forms, the stewards' queue, what became of it."""
