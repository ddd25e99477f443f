# ids (b, l) int64, weight (v, h) -> (b, l, h) in the type `compute`.
def embed(self, ids: Tensor, weight: Tensor, compute: int) -> Tensor:
  return torch.embedding(torch.detach(weight), ids).to(compute)


# Adds to `weight_gradient` (v, h) the gradients of the positions (b, l, h) that looked each token up.
def embed_backward(self, ids: Tensor, output_gradient: Tensor, weight_gradient: Tensor) -> NoneType:
  wide = output_gradient.to(weight_gradient.dtype)
  weight_gradient.add_(torch.embedding_dense_backward(wide, ids, weight_gradient.size(0), -1, False))


# Rotation of positions (b, l) int64 by inverse_frequencies (d/2) wide -> two tensors (b, l, 1, d): cosine, and sine with
# the sign that it has in each half of a head (see rotate).
def rope(self, positions: Tensor, inverse_frequencies: Tensor, compute: int) -> List[Tensor]:
  angles = torch.unsqueeze(torch.unsqueeze(positions.to(inverse_frequencies.dtype), -1) * inverse_frequencies, 2)
  cos = torch.cos(angles)
  sin = torch.sin(angles)
  return [torch.cat([cos, cos], -1).to(compute), torch.cat([-sin, sin], -1).to(compute)]


# Who may see whom, as what is added to attention scores: segments (b, l) int64 -> (b, 1, l, l), 0 or -inf.
# Segment 0 is a prompt, 1.. are its completions, -1 is padding; the next row of a packed line starts at 2^20. A position
# sees itself and what stands earlier in its prompt or in its own segment; so completions of one prompt do not see each
# other, rows of one line neither, and no position sees nothing.
def segment_mask(self, segments: Tensor, compute: int) -> Tensor:
  length = segments.size(1)
  query = torch.unsqueeze(segments, 2)
  key = torch.unsqueeze(segments, 1)
  earlier = torch.tril(torch.ones([length, length], dtype=11, device=segments.device))
  prompt = query - torch.remainder(query, 1048576)
  visible = torch.logical_and(earlier, torch.logical_or(key == query, key == prompt))
  mask = torch.zeros([segments.size(0), length, length], dtype=compute, device=segments.device)
  return torch.unsqueeze(torch.masked_fill_(mask, torch.logical_not(visible), -inf), 1)
