"""The OpenAI-shaped door for programs: stateless, keys only, errors in the shape its clients know."""
