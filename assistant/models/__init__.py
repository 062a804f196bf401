"""What people ask and what became of it."""

from assistant.models.citation import Citation
from assistant.models.conversation import Conversation
from assistant.models.message import Message, MessageRole
from assistant.models.run import Run, RunMode, RunState

__all__ = [
    "Citation",
    "Conversation",
    "Message",
    "MessageRole",
    "Run",
    "RunMode",
    "RunState",
]
