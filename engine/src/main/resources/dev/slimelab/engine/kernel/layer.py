# One linear projection with its low-rank adapter, if any: x W' + (scale x A') B'. Scaling the narrow middle and adding
# inside the product keeps wide temporaries away.
# lora holds A and B of each of the seven projections in turn, empty tensors where a projection has none,
# or is empty as a whole.
def projection(self, x: Tensor, weight: Tensor, lora: List[Tensor], index: int, scale: float) -> Tensor:
  y = torch.linear(x, weight.to(x.dtype))
  if len(lora) > 0:
    a = lora[2 * index]
    b = lora[2 * index + 1]
    if a.numel() > 0:
      middle = torch.linear(x, a.to(x.dtype)) * scale
      y = torch.reshape(torch.addmm(torch.flatten(y, 0, 1), torch.flatten(middle, 0, 1), torch.t(b.to(x.dtype))), y.size())
  return y


# (b, l, heads * d) -> (b, l, heads, d)
def split_heads(self, x: Tensor, heads: int) -> Tensor:
  return torch.reshape(x, [x.size(0), x.size(1), heads, -1])


# Turns each pair (i, i + d/2) of each head by the position's angle (as transformers' rotate_half): the roll brings the
# pair's other half, the sine has its sign. One roll of whole heads is twice as fast as turning the halves apart.
def rotate(self, x: Tensor, cos: Tensor, sin: Tensor) -> Tensor:
  return x * cos + torch.roll(x, [x.size(3) // 2], [3]) * sin


# One decoder layer of the Llama family: x (b, l, h) -> (b, l, h).
# weights: input norm, q, k, v, o, post-attention norm, gate, up, down, each as stored (out, in).
# mask (b, 1, l, keys) is added to the attention scores. cache is empty, or holds keys and values (b, kv, room, d);
# then this call's keys and values are written at `offset` and everything up to them is attended to, and mask may be
# as wide as the room.
def layer(self, x: Tensor, cos: Tensor, sin: Tensor, mask: Tensor, weights: List[Tensor], lora: List[Tensor], scale: float, eps: float, heads: int, kv_heads: int, cache: List[Tensor], offset: int) -> Tensor:
  y = self.rms_norm(x, weights[0], eps)
  q = self.rotate(self.split_heads(self.projection(y, weights[1], lora, 0, scale), heads), cos, sin)
  k = self.rotate(self.split_heads(self.projection(y, weights[2], lora, 1, scale), kv_heads), cos, sin)
  v = self.split_heads(self.projection(y, weights[3], lora, 2, scale), kv_heads)
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
  a = torch.scaled_dot_product_attention(q, k, v, mask)
  a = torch.flatten(torch.transpose(a, 1, 2), 2, 3)
  x = x + self.projection(a, weights[4], lora, 3, scale)
  y = self.rms_norm(x, weights[5], eps)
  gate = torch.silu(self.projection(y, weights[6], lora, 4, scale))
  up = self.projection(y, weights[7], lora, 5, scale)
  return x + self.projection(gate * up, weights[8], lora, 6, scale)
