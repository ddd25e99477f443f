# Memory without content in any of libtorch's types, also those that DJL cannot name; on the device of `like`.
def empty(self, shape: List[int], type: int, like: Tensor) -> Tensor:
  return torch.empty(shape, dtype=type, device=like.device)


# A copy in the given type, whose memory belongs to nobody else.
def copy(self, x: Tensor, type: int) -> Tensor:
  return torch.clone(torch.detach(x).to(type), memory_format=0)


# A trainable copy: the graph of every kernel that uses it ends here.
def parameter(self, x: Tensor, type: int) -> Tensor:
  return torch.requires_grad_(self.copy(x, type), True)


# The same values in the host's memory, in one piece.
def host(self, x: Tensor) -> Tensor:
  return torch.contiguous(torch.detach(x).cpu())
