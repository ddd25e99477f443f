# ids (b, l) int64, weight (v, h) -> (b, l, h) in the type `compute`, times scale, which is rounded to that type first (as
# transformers' Gemma3TextScaledWordEmbedding).
def embed(self, ids: Tensor, weight: Tensor, scale: float, compute: int) -> Tensor:
  x = torch.embedding(torch.detach(weight), ids).to(compute)
  if scale != 1.0:
    x = x * torch.full([1], scale, dtype=compute, device=x.device)
  return x


# Adds to `weight_gradient` (v, h) the gradients of the positions (b, l, h) that looked each token up.
def embed_backward(self, ids: Tensor, output_gradient: Tensor, scale: float, weight_gradient: Tensor) -> NoneType:
  wide = output_gradient.to(weight_gradient.dtype) * scale
  weight_gradient.add_(torch.embedding_dense_backward(wide, ids, weight_gradient.size(0), -1, False))


# Rotation of positions (b, l) int64 by inverse_frequencies (d/2) wide -> two tensors (b, l, 1, d): cosine, and sine with
# the sign that it has in each half of a head (see rotate).
def rope(self, positions: Tensor, inverse_frequencies: Tensor, compute: int) -> List[Tensor]:
  angles = torch.unsqueeze(torch.unsqueeze(positions.to(inverse_frequencies.dtype), -1) * inverse_frequencies, 2)
  cos = torch.cos(angles)
  sin = torch.sin(angles)
  return [torch.cat([cos, cos], -1).to(compute), torch.cat([-sin, sin], -1).to(compute)]


# Who may see whom, as what is added to attention scores: positions and segments of queries (b, l) and of keys (b, k), all
# int64 -> (b, 1, l, k), 0 or -inf. Segment 0 is a prompt, 1.. are its completions, -1 is padding; the next row of a packed
# line starts at 2^20.
# A query sees the keys of its prompt and of its own segment that stand at its position or earlier, and of those the
# nearest `window`, itself included. Completions continue the prompt's positions, so a window reaches from any of them
# back into the prompt; they do not see each other, rows of one line neither. Padding sees padding, so that no query sees
# nothing.
def attention_mask(self, query_positions: Tensor, query_segments: Tensor, key_positions: Tensor, key_segments: Tensor, window: int, compute: int) -> Tensor:
  query = torch.unsqueeze(query_segments, 2)
  key = torch.unsqueeze(key_segments, 1)
  back = torch.unsqueeze(query_positions, 2) - torch.unsqueeze(key_positions, 1)
  near = torch.logical_and(back >= 0, back < window)
  prompt = query - torch.remainder(query, 1048576)
  visible = torch.logical_and(near, torch.logical_or(key == query, key == prompt))
  mask = torch.zeros(visible.size(), dtype=compute, device=visible.device)
  return torch.unsqueeze(torch.masked_fill_(mask, torch.logical_not(visible), -inf), 1)
