"""Models, the road to them and what they are asked."""
