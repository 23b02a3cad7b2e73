"""What is on: days, filters, nearby, the cards of the coming week."""
