"""The site's own pages, and the desk of who writes and reviews them."""
