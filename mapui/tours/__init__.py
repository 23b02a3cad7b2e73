"""Tours as pages, papers and JSON show them."""
