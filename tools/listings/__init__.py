"""Development data for screening: skeletons of listings, and what is trained on them."""
