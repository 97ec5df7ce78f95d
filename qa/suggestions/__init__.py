"""Questions that a newcomer may begin with: made from what the documents hold, and answered."""
