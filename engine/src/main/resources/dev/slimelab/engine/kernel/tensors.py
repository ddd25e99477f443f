# Memory without content in any of libtorch's types, also those that DJL cannot name; on the device of `like`.
def empty(self, shape: List[int], type: int, like: Tensor) -> Tensor:
  return torch.empty(shape, dtype=type, device=like.device)


# What the host made, on the device of `like` and in memory of its own. To a GPU it goes through page-locked memory, so
# that nobody waits for the copy.
def upload(self, host: Tensor, like: Tensor) -> Tensor:
  if like.is_cuda:
    there = torch.pin_memory(host).to(like.device, non_blocking=True)
  else:
    there = torch.clone(host)
  return there


# A vector's consecutive parts, in place.
def parts(self, x: Tensor, lengths: List[int]) -> List[Tensor]:
  return torch.split_with_sizes(x, lengths)


# One column of a table (n, m), (n).
def column(self, x: Tensor, index: int) -> Tensor:
  return torch.contiguous(torch.squeeze(x.slice(1, index, index + 1), 1))


# Copies in the host's memory; the tensors stay, without memory of their own.
def park(self, tensors: List[Tensor]) -> List[Tensor]:
  parked = annotate(List[Tensor], [])
  for tensor in tensors:
    parked.append(tensor.to(torch.device("cpu"), copy=True))
    tensor.set_()
  return parked


# The opposite of park. A tensor that was listed twice was parked with values once.
def unpark(self, tensors: List[Tensor], parked: List[Tensor]) -> NoneType:
  for i in range(len(tensors)):
    if parked[i].numel() > 0:
      tensors[i].set_(parked[i].to(tensors[i].device))


# A file as one long tensor, read when touched; writing to it would change the copy in memory, never the file.
# The mapping lasts as long as any tensor that was cut out of it.
def map_file(self, file: str, count: int, type: int) -> Tensor:
  return torch.from_file(file, False, count, dtype=type)


# A piece of a mapped file, in place, or copied to the device of `like`.
def piece(self, mapped: Tensor, start: int, shape: List[int], like: Tensor) -> Tensor:
  count = 1
  for size in shape:
    count *= size
  return torch.view(mapped.slice(0, start, start + count), shape).to(like.device)


# The same from a mapping of single bytes, copied, for a piece that does not start at a multiple of its element size.
def piece_of_bytes(self, mapped: Tensor, start: int, shape: List[int], type: int, element_bytes: int, like: Tensor) -> Tensor:
  count = element_bytes
  for size in shape:
    count *= size
  return torch.view(torch.view_copy(torch.clone(mapped.slice(0, start, start + count)), dtype=type), shape).to(like.device)


# The same values in the given type; the same memory where that is the type already.
def cast(self, x: Tensor, type: int) -> Tensor:
  return x.to(type)


# Rows from..to of a tensor, in place.
def rows(self, x: Tensor, start: int, end: int) -> Tensor:
  return x.slice(0, start, end)


# weight (out, in) + scale * b (out, r) a (r, in), wide.
def merged(self, weight: Tensor, a: Tensor, b: Tensor, scale: float) -> Tensor:
  return self.wide(weight) + torch.mm(b, a) * scale


# A copy whose memory belongs to nobody else.
def copy(self, x: Tensor) -> Tensor:
  return torch.clone(x, memory_format=0)


# The same values on the device of `like`; where they are there already, the same memory under a name of its own.
def there(self, x: Tensor, like: Tensor) -> Tensor:
  return torch.alias(x.to(like.device))


# Adds to each tensor its like on another device, and sets that to zero.
def gather(self, tensors: List[Tensor], others: List[Tensor]) -> NoneType:
  for i in range(len(tensors)):
    tensors[i].add_(others[i].to(tensors[i].device))
    others[i].zero_()


# Each tensor gets the values of its like on another device.
def scatter(self, tensors: List[Tensor], sources: List[Tensor]) -> NoneType:
  for i in range(len(tensors)):
    tensors[i].copy_(sources[i])


# Overwrites a tensor's values, converting types.
def assign(self, target: Tensor, source: Tensor) -> NoneType:
  target.copy_(source)


# The same values in the host's memory, in one piece.
def host(self, x: Tensor) -> Tensor:
  return torch.contiguous(x.cpu())


# The product of two matrices, to see how fast they can be multiplied.
def product(self, a: Tensor, b: Tensor) -> Tensor:
  return torch.mm(a, b)
