"""What we read out of one streamed chunk; whatever else the vendor wrote is ignored."""

from pydantic import BaseModel, ConfigDict, Field


class _Reply(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)


class DeltaReply(_Reply):
    content: str | None = None


class ChoiceReply(_Reply):
    delta: DeltaReply | None = None
    finish_reason: str | None = None


class UsageReply(_Reply):
    prompt_tokens: int = Field(ge=0)
    completion_tokens: int = Field(ge=0)


class ChunkReply(_Reply):
    choices: tuple[ChoiceReply, ...] = ()
    usage: UsageReply | None = None

    @property
    def text(self) -> str:
        first = self.choices[0].delta if self.choices else None
        return (first.content or "") if first else ""

    @property
    def is_finished(self) -> bool:
        return bool(self.choices and self.choices[0].finish_reason)
