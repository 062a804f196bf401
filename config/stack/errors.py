"""What can go wrong with a server of ours, in one line a stranger understands."""


class StackError(RuntimeError):
    """A server cannot be started, reached or kept alive."""
