"""What the documents tell people to run does run."""
