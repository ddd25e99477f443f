# One step of AdamW with decoupled weight decay, as torch.optim.AdamW: parameters, gradients and both moments in place.
# step counts from 1.
def adamw(self, parameters: List[Tensor], gradients: List[Tensor], first: List[Tensor], second: List[Tensor], step: int, rate: float, beta1: float, beta2: float, eps: float, decay: float) -> NoneType:
  count = torch.full([], step, dtype=6, device=parameters[0].device)
  torch._fused_adamw_(parameters, gradients, first, second, [], [count] * len(parameters), lr=rate, beta1=beta1, beta2=beta2, weight_decay=decay, eps=eps, amsgrad=False, maximize=False)


# Euclidean norm of all tensors together -> scalar float64.
def norm(self, tensors: List[Tensor]) -> Tensor:
  return torch.linalg_vector_norm(torch.stack(torch._foreach_norm(tensors, 2, dtype=7)), 2)


def scale(self, tensors: List[Tensor], factor: float) -> NoneType:
  torch._foreach_mul_(tensors, factor)


def zero(self, tensors: List[Tensor]) -> NoneType:
  torch._foreach_zero_(tensors)


# One step of plain gradient descent.
def descend(self, parameters: List[Tensor], gradients: List[Tensor], rate: float) -> NoneType:
  torch._foreach_add_(parameters, gradients, alpha=-rate)


# Each tensor becomes (1 - share) * itself + share * target.
def mix(self, tensors: List[Tensor], targets: List[Tensor], share: float) -> NoneType:
  torch._foreach_mul_(tensors, 1.0 - share)
  torch._foreach_add_(tensors, targets, alpha=share)
