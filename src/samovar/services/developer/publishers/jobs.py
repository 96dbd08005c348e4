"""What publishers do by the clock."""

from samovar.kit.workers import every
from samovar.services.developer.publishers.use_cases import PipelineKeys


@every(3_600)
async def forget_pipeline_tokens(pipeline_keys: PipelineKeys) -> None:
    """Forget tokens of pipelines that would be refused anyway."""
    await pipeline_keys.forget_old()
