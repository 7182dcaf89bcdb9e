"""Search: what is typed, what is looked through, and what is found."""
