"""What every REST endpoint of the house shares: who asks, what may be sent, how errors look."""
