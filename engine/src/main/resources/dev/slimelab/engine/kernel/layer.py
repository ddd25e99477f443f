# x (b, l, h) with each element set to 0 with probability p, the others scaled up by 1 / (1 - p). Every sequence draws from
# a generator of its own, so that its mask does not depend on what lies beside it.
# seeds: one for each sequence, to which `index` is added, or none for no dropout; it lies from starts to ends among the
# b * l positions.
def dropout(self, x: Tensor, p: float, seeds: List[int], starts: List[int], ends: List[int], index: int) -> Tensor:
  if len(seeds) > 0:
    keep = torch.ones([x.size(0) * x.size(1), x.size(2)], dtype=x.dtype, device=x.device)
    for i in range(len(seeds)):
      torch.manual_seed(seeds[i] + index)
      draws = torch.rand([ends[i] - starts[i], x.size(2)], dtype=6, device=x.device)
      keep.slice(0, starts[i], ends[i]).copy_(draws >= p)
    x = x * torch.reshape(keep / (1.0 - p), x.size())
  return x


# One linear projection with its bias, if any, and its low-rank adapter, if any: x W' + bias + (scale x A') B'. Scaling the
# narrow middle and adding inside the product keeps wide temporaries away.
# lora holds A and B of each of the seven projections in turn, empty tensors where a projection has none,
# or is empty as a whole.
def projection(self, x: Tensor, weight: Tensor, bias: Tensor, lora: List[Tensor], index: int, scale: float, p: float, seeds: List[int], starts: List[int], ends: List[int]) -> Tensor:
  y = torch.linear(x, weight.to(x.dtype))
  if bias.numel() > 0:
    y = y + bias.to(x.dtype)
  if len(lora) > 0:
    a = lora[2 * index]
    b = lora[2 * index + 1]
    if a.numel() > 0:
      middle = torch.linear(self.dropout(x, p, seeds, starts, ends, index), a.to(x.dtype)) * scale
      y = torch.reshape(torch.addmm(torch.flatten(y, 0, 1), torch.flatten(middle, 0, 1), torch.t(b.to(x.dtype))), y.size())
  return y


# (b, l, heads * d) -> (b, l, heads, d)
def split_heads(self, x: Tensor, heads: int) -> Tensor:
  return torch.reshape(x, [x.size(0), x.size(1), heads, -1])


# Turns each pair (i, i + d/2) of each head by the position's angle (as transformers' rotate_half): the roll brings the
# pair's other half, the sine has its sign. One roll of whole heads is twice as fast as turning the halves apart.
def rotate(self, x: Tensor, cos: Tensor, sin: Tensor) -> Tensor:
  return x * cos + torch.roll(x, [x.size(3) // 2], [3]) * sin


# The norm of a place that has one in some families only.
def optional_norm(self, x: Tensor, weight: Tensor, eps: float, offset: float) -> Tensor:
  return self.rms_norm(x, weight, eps, offset) if weight.numel() > 0 else x


# One decoder layer: x (b, l, h) -> (b, l, h).
# weights: as LayerTensor lists them, each as stored (out, in), empty tensors where the family has none.
# mask (b, 1, l, keys) is added to the attention scores, which are query times key times score_scale.
# cache is empty, or holds keys and values (b, kv, room, d); then this call's keys and values are written at `offset` and
# everything up to them is attended to, and mask may be as wide as the room.
# p, seeds, starts, ends: see dropout.
def layer(self, x: Tensor, cos: Tensor, sin: Tensor, mask: Tensor, weights: List[Tensor], lora: List[Tensor], scale: float, p: float, seeds: List[int], starts: List[int], ends: List[int], eps: float, norm_offset: float, score_scale: float, gelu: bool, heads: int, kv_heads: int, cache: List[Tensor], offset: int) -> Tensor:
  none = x.new_empty([0])
  y = self.rms_norm(x, weights[0], eps, norm_offset)
  q = self.split_heads(self.projection(y, weights[1], weights[5], lora, 0, scale, p, seeds, starts, ends), heads)
  k = self.split_heads(self.projection(y, weights[2], weights[6], lora, 1, scale, p, seeds, starts, ends), kv_heads)
  v = self.split_heads(self.projection(y, weights[3], weights[7], lora, 2, scale, p, seeds, starts, ends), kv_heads)
  q = self.rotate(self.optional_norm(q, weights[8], eps, norm_offset), cos, sin)
  k = self.rotate(self.optional_norm(k, weights[9], eps, norm_offset), cos, sin)
  q = torch.transpose(q, 1, 2)  # (b, heads, l, d)
  k = torch.transpose(k, 1, 2)  # (b, kv, l, d)
  v = torch.transpose(v, 1, 2)
  if len(cache) > 0:
    end = offset + x.size(1)
    cache[0].slice(2, offset, end).copy_(k)
    cache[1].slice(2, offset, end).copy_(v)
    k = cache[0].slice(2, 0, end)
    v = cache[1].slice(2, 0, end)
    mask = mask.slice(3, 0, end)
  if kv_heads != heads:
    k = torch.repeat_interleave(k, heads // kv_heads, 1)
    v = torch.repeat_interleave(v, heads // kv_heads, 1)
  a = torch.scaled_dot_product_attention(q, k, v, mask, 0.0, False, scale=score_scale)
  a = torch.flatten(torch.transpose(a, 1, 2), 2, 3)
  a = self.projection(a, weights[4], none, lora, 3, scale, p, seeds, starts, ends)
  x = x + self.optional_norm(a, weights[10], eps, norm_offset)
  y = self.rms_norm(x, weights[11], eps, norm_offset)
  gate = self.projection(y, weights[12], none, lora, 4, scale, p, seeds, starts, ends)
  if gelu:
    gate = torch.gelu(gate, approximate="tanh")
  else:
    gate = torch.silu(gate)
  up = self.projection(y, weights[13], none, lora, 5, scale, p, seeds, starts, ends)
  y = self.projection(gate * up, weights[14], none, lora, 6, scale, p, seeds, starts, ends)
  return x + self.optional_norm(y, weights[15], eps, norm_offset)
