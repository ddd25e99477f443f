# ids int64, n of any shape, weight (v, h) -> (n, h) in the type `compute`, times scale, which is rounded to that type first (as
# transformers' Gemma3TextScaledWordEmbedding).
def embed(self, ids: Tensor, weight: Tensor, scale: float, compute: int) -> Tensor:
  x = torch.embedding(weight, torch.flatten(ids)).to(compute)
  if scale != 1.0:
    x = x * torch.full([1], scale, dtype=compute, device=x.device)
  return x


# Adds to `weight_gradient` (v, h) the gradients of the positions (n, h) that looked each token up.
def embed_backward(self, ids: Tensor, output_gradient: Tensor, scale: float, weight_gradient: Tensor) -> NoneType:
  wide = output_gradient.to(weight_gradient.dtype) * scale
  weight_gradient.add_(torch.embedding_dense_backward(wide, ids, weight_gradient.size(0), -1, False))


# Rotation of positions int64, n of any shape, by inverse_frequencies (d/2) wide -> two tensors (n, 1, d): cosine, and sine with
# the sign that it has in each half of a head (see rotate).
def rope(self, positions: Tensor, inverse_frequencies: Tensor, compute: int) -> List[Tensor]:
  angles = torch.unsqueeze(torch.unsqueeze(torch.flatten(positions).to(inverse_frequencies.dtype), -1) * inverse_frequencies, 1)
  cos = torch.cos(angles)
  sin = torch.sin(angles)
  return [torch.cat([cos, cos], -1).to(compute), torch.cat([-sin, sin], -1).to(compute)]


# Who may see whom, as what is added to attention scores: positions and segments of queries (b, l) and of keys (b, k), all
# int64 -> (b, 1, l, k), 0 or -inf. Segment 0 is a prompt, 1.. are its completions, -1 is padding; the next row of a batch
# starts at 2^20.
# A query sees the keys of its prompt and of its own segment that stand at its position or earlier, and of those the
# nearest `window`, itself included. Completions continue the prompt's positions, so a window reaches from any of them
# back into the prompt; they do not see each other, different rows neither. Padding sees padding, so that no query sees
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


# The masks of `attend`: positions and segments (n) of a whole batch, blocks as there; for each block what is added to the
# scores of its last `masked` keys, (rows, masked).
def block_masks(self, positions: Tensor, segments: Tensor, blocks: List[int], masked: List[int], window: int, compute: int) -> List[Tensor]:
  masks = annotate(List[Tensor], [])
  for i in range(len(masked)):
    at = 6 * i
    keys = torch.cat([torch.arange(blocks[at + 2], blocks[at + 3], device=positions.device), torch.arange(blocks[at + 4], blocks[at + 5], device=positions.device)], 0)
    keys = keys.slice(0, keys.size(0) - masked[i], keys.size(0))
    row = torch.unsqueeze(positions, 0).slice(1, blocks[at], blocks[at + 1])
    segment = torch.unsqueeze(segments, 0).slice(1, blocks[at], blocks[at + 1])
    mask = self.attention_mask(row, segment, torch.unsqueeze(torch.index_select(positions, 0, keys), 0), torch.unsqueeze(torch.index_select(segments, 0, keys), 0), window, compute)
    masks.append(torch.flatten(mask, 0, 2))
  return masks
