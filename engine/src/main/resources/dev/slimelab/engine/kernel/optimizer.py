# One step of AdamW with decoupled weight decay, as torch.optim.AdamW: parameters, gradients and both moments in place.
# step counts from 1.
def adamw(self, parameters: List[Tensor], gradients: List[Tensor], first: List[Tensor], second: List[Tensor], step: int, rate: float, beta1: float, beta2: float, eps: float, decay: float) -> NoneType:
  correction1 = 1.0 - beta1 ** step
  correction2 = (1.0 - beta2 ** step) ** 0.5
  for i in range(len(parameters)):
    parameters[i].mul_(1.0 - rate * decay)
    first[i].lerp_(gradients[i], 1.0 - beta1)
    second[i].mul_(beta2).addcmul_(gradients[i], gradients[i], value=1.0 - beta2)
    denominator = torch.sqrt(second[i]).div_(correction2).add_(eps)
    parameters[i].addcdiv_(first[i], denominator, value=-rate / correction1)


# Euclidean norm of all tensors together -> scalar float64.
def norm(self, tensors: List[Tensor]) -> Tensor:
  parts = annotate(List[Tensor], [])
  for tensor in tensors:
    parts.append(torch.linalg_vector_norm(tensor, 2, dtype=7))
  return torch.linalg_vector_norm(torch.stack(parts), 2)


def scale(self, tensors: List[Tensor], factor: float) -> NoneType:
  for tensor in tensors:
    tensor.mul_(factor)


def zero(self, tensors: List[Tensor]) -> NoneType:
  for tensor in tensors:
    tensor.zero_()


# One step of plain gradient descent.
def descend(self, parameters: List[Tensor], gradients: List[Tensor], rate: float) -> NoneType:
  for i in range(len(parameters)):
    parameters[i].add_(gradients[i], alpha=-rate)


# Each tensor becomes (1 - share) * itself + share * target.
def mix(self, tensors: List[Tensor], targets: List[Tensor], share: float) -> NoneType:
  for i in range(len(tensors)):
    tensors[i].mul_(1.0 - share).add_(targets[i], alpha=share)
