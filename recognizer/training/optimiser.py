"""The optimiser: Muon for convolution kernels, AdamW for all other weights, both on one-cycle schedules.

Muon (Jordan and others, 2024) orthogonalises a matrix's momentum. Its steps are scaled to the length of AdamW's
(Liu and others, arXiv 2502.16982), so that both share a learning rate.
"""

from typing import Any

import torch
from torch import Tensor, nn
from torch.optim.lr_scheduler import OneCycleLR

from recognizer.training.config import RunConfig


class Optimiser:
    """Both optimisers and their schedules; changes the network's weights in place."""

    def __init__(self, network: nn.Module, config: RunConfig, steps: int) -> None:
        weights = list(network.parameters())
        self.kernels = [weight for weight in weights if is_kernel(weight)]
        self.matrices = [nn.Parameter(matrix_of(kernel.detach())) for kernel in self.kernels]
        rate, decay = config.learning_rate, config.weight_decay
        self.parts: list[torch.optim.Optimizer] = [
            torch.optim.Muon(
                self.matrices, rate, weight_decay=decay, momentum=config.momentum, adjust_lr_fn="match_rms_adamw"
            ),
            torch.optim.AdamW([weight for weight in weights if not is_kernel(weight)], rate, weight_decay=decay),
        ]
        self.schedules = [
            OneCycleLR(part, rate, total_steps=steps, pct_start=config.warm_up, cycle_momentum=False)
            for part in self.parts
        ]

    def step(self) -> None:
        for kernel, matrix in zip(self.kernels, self.matrices, strict=True):
            matrix.grad = None if kernel.grad is None else matrix_of(kernel.grad)
        for part, schedule in zip(self.parts, self.schedules, strict=True):
            part.step()
            schedule.step()

    def state_dict(self) -> dict[str, list[dict[str, Any]]]:
        return {
            "parts": [part.state_dict() for part in self.parts],
            "schedules": [schedule.state_dict() for schedule in self.schedules],
        }

    def load_state_dict(self, state: dict[str, list[dict[str, Any]]]) -> None:
        for part, kept in zip(self.parts, state["parts"], strict=True):
            part.load_state_dict(kept)
        for schedule, kept in zip(self.schedules, state["schedules"], strict=True):
            schedule.load_state_dict(kept)


def is_kernel(weight: Tensor) -> bool:
    """True for the kernel of a convolution with several input channels over several places: Muon needs a matrix."""
    return weight.dim() == 4 and weight.shape[1] > 1 and weight.shape[2] * weight.shape[3] > 1


def matrix_of(kernel: Tensor) -> Tensor:
    """(O, I, H, W) → (O, H · W · I); shares memory with a kernel in channels-last layout."""
    return kernel.permute(0, 2, 3, 1).flatten(1)
