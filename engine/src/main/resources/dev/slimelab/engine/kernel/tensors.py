# Memory without content in any of libtorch's types, also those that DJL cannot name; on the device of `like`.
def empty(self, shape: List[int], type: int, like: Tensor) -> Tensor:
  return torch.empty(shape, dtype=type, device=like.device)


# The same values in the given type; the same memory where that is the type already.
def cast(self, x: Tensor, type: int) -> Tensor:
  return torch.detach(x).to(type)


# A copy whose memory belongs to nobody else.
def copy(self, x: Tensor) -> Tensor:
  return torch.clone(torch.detach(x), memory_format=0)


# A trainable copy: the graph of every kernel that uses it ends here.
def parameter(self, x: Tensor, type: int) -> Tensor:
  return torch.requires_grad_(self.copy(x.to(type)), True)


# Overwrites a tensor's values, converting types.
def assign(self, target: Tensor, source: Tensor) -> NoneType:
  target.copy_(source)


# The same values in the host's memory, in one piece.
def host(self, x: Tensor) -> Tensor:
  return torch.contiguous(torch.detach(x).cpu())
