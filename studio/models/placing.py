"""Where the parts of a pipeline lie while it draws: all on the card, or each there only while it works.

The ways are those of diffusers 0.42.1: `enable_model_cpu_offload` moves whole parts, `enable_group_offload` layer by layer
with the next one on its way meanwhile. Both keep the parameters themselves, so that adapters are worn as usual.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import torch

    from .memory import MemoryPlan

TILE_PX = 512  # a side of what is decoded at a time


def place(pipeline: Any, plan: MemoryPlan | None, device: str) -> Any:
    """The pipeline, laid out as the plan says; without one all of it lies on the device."""
    import torch

    if plan is None or plan.mode == "whole":
        pipeline.to(device)
    elif plan.mode == "parts":
        pipeline.enable_model_cpu_offload(device=device)
    else:
        pipeline.remove_all_hooks()
        pipeline.to("cpu")
        # Pinned on the fly: pinned beforehand it takes as much memory again as the model has.
        pipeline.enable_group_offload(
            torch.device(device), offload_type="leaf_level", use_stream=device == "cuda", low_cpu_mem_usage=True
        )
    if plan:
        decode_piecewise(pipeline.vae, plan.sliced, plan.tiled)
    return pipeline


def decode_piecewise(vae: Any, sliced: bool, tiled: bool) -> None:
    """Has pictures decoded one at a time (`sliced`), and each in overlapping squares (`tiled`)."""
    if sliced and hasattr(vae, "enable_slicing"):
        vae.enable_slicing()
    if tiled and hasattr(vae, "enable_tiling"):
        vae.enable_tiling()
        if hasattr(
            vae, "tile_latent_min_size"
        ):  # AutoencoderKL tiles by the size that it was trained with: 1024 for SDXL
            vae.tile_sample_min_size, scale = TILE_PX, vae.tile_sample_min_size // vae.tile_latent_min_size
            vae.tile_latent_min_size = TILE_PX // scale


def take_any_precision(vae: torch.nn.Module) -> None:
    """Lets a float32 decoder take what a half-precision network made; not all pipelines cast between the two."""
    import torch

    dtype = next(vae.parameters()).dtype

    def cast(_: torch.nn.Module, given: tuple[Any, ...]) -> tuple[Any, ...]:
        return tuple(one.to(dtype) if isinstance(one, torch.Tensor) else one for one in given)

    for name in ("post_quant_conv", "decoder"):
        module = getattr(vae, name, None)
        if isinstance(module, torch.nn.Module):
            module.register_forward_pre_hook(cast)


def works_on(pipeline: Any) -> torch.device:
    """Where the network computes, which is not where its weights rest when they are moved there and back."""
    return pipeline._execution_device  # noqa: SLF001 what diffusers itself asks
