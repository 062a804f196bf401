"""Sets that try the boundary, made without a look at how the boundary finds things."""
