"""The pages on which the site itself speaks."""
