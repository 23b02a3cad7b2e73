"""Tours as records: what planning one needs, its rows, changes by hand, its events."""
