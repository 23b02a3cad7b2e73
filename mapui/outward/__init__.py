"""What leaves the site: addresses, links, pictures, feeds, what search engines read."""
