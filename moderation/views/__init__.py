"""The moderators' pages: the board, one text under a lease, and what was decided."""
