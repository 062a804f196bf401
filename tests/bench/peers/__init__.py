"""What runs inside a peer's own environment: it imports that peer and the standard library only."""
