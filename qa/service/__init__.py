"""What the page, its endpoints and scripts get done, and for whom; it knows none of them."""
