"""What turns a request about a text into one call and a page."""
