# One decoder layer, forward and backward, both written out: n positions of a batch lie one after another, x is (n, h).
# Weights and gradients come as LayerTensor lists them, each weight as stored (out, in), empty tensors where the family
# has none or where nothing is trained. lora holds A and B of each of the seven projections in turn, empty tensors where a
# projection has none, or is empty as a whole; its gradients likewise. No graph is recorded anywhere.


# What each sequence's share of the low-rank input is multiplied with: 0 with probability p, else 1 / (1 - p). Every sequence
# draws from a generator of its own, so that its mask does not depend on what lies beside it.
# drop: p; for each sequence its seed, to which `index` is added; its first position and the one after its last. No seeds
# for no dropout.
def kept(self, x: Tensor, drop: Tuple[float, List[int], List[int], List[int]], index: int) -> Tensor:
  p, seeds, starts, ends = drop
  keep = torch.ones(x.size(), dtype=x.dtype, device=x.device)
  for i in range(len(seeds)):
    own = torch.Generator(device=x.device, seed=seeds[i] + index)
    draws = torch.rand([ends[i] - starts[i], x.size(1)], generator=own, dtype=6, device=x.device)
    keep.slice(0, starts[i], ends[i]).copy_(draws >= p)
  return keep.div_(1.0 - p)


def dropped(self, x: Tensor, drop: Tuple[float, List[int], List[int], List[int]], index: int) -> Tensor:
  return x * self.kept(x, drop, index) if len(drop[1]) > 0 else x


def adapted(self, lora: List[Tensor], index: int) -> bool:
  return len(lora) > 0 and lora[2 * index].numel() > 0


# What a projection's low-rank adapter makes of x in between, scale x A' (n, r); empty where there is none. Scaling the narrow
# middle keeps wide temporaries away.
def low_rank(self, x: Tensor, lora: List[Tensor], index: int, scale: float, drop: Tuple[float, List[int], List[int], List[int]]) -> Tensor:
  if self.adapted(lora, index):
    return torch.linear(self.dropped(x, drop, index), lora[2 * index].to(x.dtype)).mul_(scale)
  return x.new_empty([0])


# One linear projection with its bias, if any, and its low-rank adapter, if any: x W' + bias + (scale x A') B', and what
# backward needs again: scale x A'.
def projection(self, x: Tensor, weight: Tensor, bias: Tensor, lora: List[Tensor], index: int, scale: float, drop: Tuple[float, List[int], List[int], List[int]]) -> Tuple[Tensor, Tensor]:
  y = torch.linear(x, weight.to(x.dtype))
  if bias.numel() > 0:
    y.add_(bias.to(x.dtype))
  middle = self.low_rank(x, lora, index, scale, drop)
  if middle.numel() > 0:
    y.addmm_(middle, torch.t(lora[2 * index + 1].to(x.dtype)))
  return (y, middle)


# Adds what the gradient dy (n, out) of a projection's result says to the gradients of its weight, bias, A and B, and to dx
# (n, in), the gradient of its input, which it returns; an empty dx is made. Without `inner` nobody wants dx.
def projection_backward(self, dy: Tensor, x: Tensor, weight: Tensor, lora: List[Tensor], index: int, scale: float, drop: Tuple[float, List[int], List[int], List[int]], middle: Tensor, weight_gradient: Tensor, bias_gradient: Tensor, lora_gradients: List[Tensor], dx: Tensor, inner: bool) -> Tensor:
  if weight_gradient.numel() > 0:
    weight_gradient.add_(torch.mm(torch.t(dy), x))
  if bias_gradient.numel() > 0:
    bias_gradient.add_(torch.sum(self.wide(dy), [0]))
  if inner:
    w = weight.to(dy.dtype)
    dx = dx.addmm_(dy, w) if dx.numel() > 0 else torch.mm(dy, w)
  if self.adapted(lora, index):
    d_middle = torch.mm(dy, lora[2 * index + 1].to(dy.dtype)).mul_(scale)
    lora_gradients[2 * index].add_(torch.mm(torch.t(d_middle), self.dropped(x, drop, index)))
    lora_gradients[2 * index + 1].add_(torch.mm(torch.t(dy), middle))
    if inner:
      a = lora[2 * index].to(dy.dtype)
      if len(drop[1]) > 0:
        dx = dx.add_(self.dropped(torch.mm(d_middle, a), drop, index))
      else:
        dx = dx.addmm_(d_middle, a)
  return dx


# (n, heads * d) -> (n, heads, d)
def split_heads(self, x: Tensor, heads: int) -> Tensor:
  return torch.reshape(x, [x.size(0), heads, -1])


# Turns each pair (i, i + d/2) of each head by the position's angle (as transformers' rotate_half): the roll brings the
# pair's other half, the sine has its sign. One roll of whole heads is twice as fast as turning the halves apart.
def rotate(self, x: Tensor, cos: Tensor, sin: Tensor) -> Tensor:
  return torch.roll(x, [x.size(2) // 2], [2]).mul_(sin).addcmul_(x, cos)


def rotate_backward(self, dy: Tensor, cos: Tensor, sin: Tensor) -> Tensor:
  return torch.roll(dy * sin, [dy.size(2) // 2], [2]).addcmul_(dy, cos)


# The norm of a place that has one in some families only.
def optional_norm(self, x: Tensor, weight: Tensor, eps: float, offset: float) -> Tensor:
  return self.rms_norm(x, weight, eps, offset) if weight.numel() > 0 else x


def optional_norm_backward(self, dy: Tensor, x: Tensor, weight: Tensor, eps: float, offset: float, weight_gradient: Tensor) -> Tensor:
  return self.rms_norm_backward(dy, x, weight, eps, offset, weight_gradient) if weight.numel() > 0 else dy


def activation(self, gate: Tensor, gelu: bool) -> Tensor:
  return torch.gelu(gate, approximate="tanh") if gelu else torch.silu(gate)


def activation_backward(self, dy: Tensor, gate: Tensor, gelu: bool) -> Tensor:
  return torch.gelu_backward(dy, gate, approximate="tanh") if gelu else torch.silu_backward(dy, gate)


# Keys or values (n, kv, d) -> (kv, n, d), in memory of that order.
def by_head(self, x: Tensor) -> Tensor:
  return torch.contiguous(torch.transpose(x, 0, 1))


# The keys or values that a block of queries looks at, (kv, keys, d), of those `by_head`: one range of positions, or two.
# One after another in memory, else each product would copy them for itself.
def looked_at(self, x: Tensor, blocks: List[int], at: int) -> Tensor:
  part = x.slice(1, blocks[at + 2], blocks[at + 3])
  if blocks[at + 5] > blocks[at + 4]:
    part = torch.cat([part, x.slice(1, blocks[at + 4], blocks[at + 5])], 1)
  return torch.contiguous(part)


# (n, kv * g, d) -> (kv, g, n, d): the heads that share keys lie together.
def grouped(self, x: Tensor, kv_heads: int) -> Tensor:
  return torch.permute(torch.reshape(x, [x.size(0), kv_heads, -1, x.size(2)]), [1, 2, 0, 3])


# A block's queries of `grouped`, (kv, g * rows, d).
def block_of(self, x: Tensor, start: int, end: int) -> Tensor:
  return torch.flatten(x.slice(2, start, end), 1, 2)


# Attention weights of a block of queries q (kv, g * rows, d) over keys k (kv, keys, d): (kv, g * rows, keys).
# mask (rows, m) is added to the scores of the last m keys.
def attention_weights(self, q: Tensor, k: Tensor, mask: Tensor, score_scale: float) -> Tensor:
  scores = torch.baddbmm(q.new_empty([1]), q, torch.transpose(k, 1, 2), beta=0, alpha=score_scale)
  seen = torch.view(scores, [scores.size(0), -1, mask.size(0), scores.size(2)])
  seen.slice(3, scores.size(2) - mask.size(1), scores.size(2)).add_(mask)
  return torch.softmax(scores, 2)


# Attention block by block, so that the scores of a block, heads * rows * keys, are all that exists of them: q (n, heads, d),
# k and v (n, kv, d) -> (n, heads * d).
# blocks: six numbers each: first query and the one after the last; two ranges of keys, the second maybe empty. masks: one
# for each block, see attention_weights.
def attend_blocks(self, q: Tensor, k: Tensor, v: Tensor, blocks: List[int], masks: List[Tensor], score_scale: float) -> Tensor:
  queries = self.grouped(q, k.size(1))
  out = torch.empty_like(q)
  results = self.grouped(out, k.size(1))
  keys = self.by_head(k)
  values = self.by_head(v)
  for i in range(len(masks)):
    at = 6 * i
    block = self.block_of(queries, blocks[at], blocks[at + 1])
    weights = self.attention_weights(block, self.looked_at(keys, blocks, at), masks[i], score_scale)
    result = torch.bmm(weights, self.looked_at(values, blocks, at))
    into = results.slice(2, blocks[at], blocks[at + 1])
    into.copy_(torch.view(result, into.size()))
  return torch.flatten(out, 1, 2)


# Adds a block's gradients of the keys or values it looked at, (kv, keys, d), to those of all, (kv, n, d) wide.
def looked_at_backward(self, gradient: Tensor, part: Tensor, blocks: List[int], at: int) -> NoneType:
  first = blocks[at + 3] - blocks[at + 2]
  gradient.slice(1, blocks[at + 2], blocks[at + 3]).add_(part.slice(1, 0, first))
  if blocks[at + 5] > blocks[at + 4]:
    gradient.slice(1, blocks[at + 4], blocks[at + 5]).add_(part.slice(1, first, part.size(1)))


# Gradients of q, k and v, given that of attend_blocks' result, dy (n, heads * d). Weights are computed again.
def attend_blocks_backward(self, dy: Tensor, q: Tensor, k: Tensor, v: Tensor, blocks: List[int], masks: List[Tensor], score_scale: float) -> List[Tensor]:
  kv_heads = k.size(1)
  queries = self.grouped(q, kv_heads)
  slopes = self.grouped(torch.view(dy, q.size()), kv_heads)
  dq = torch.empty_like(q)
  d_queries = self.grouped(dq, kv_heads)
  all_keys = self.by_head(k)
  values = self.by_head(v)
  wide = self.wide_type(q)
  dk = torch.zeros([kv_heads, k.size(0), k.size(2)], dtype=wide, device=q.device)
  dv = torch.zeros([kv_heads, k.size(0), k.size(2)], dtype=wide, device=q.device)
  for i in range(len(masks)):
    at = 6 * i
    block = self.block_of(queries, blocks[at], blocks[at + 1])
    slope = self.block_of(slopes, blocks[at], blocks[at + 1])
    keys = self.looked_at(all_keys, blocks, at)
    weights = self.attention_weights(block, keys, masks[i], score_scale)
    self.looked_at_backward(dv, torch.bmm(torch.transpose(weights, 1, 2), slope), blocks, at)
    d_weights = torch.bmm(slope, torch.transpose(self.looked_at(values, blocks, at), 1, 2))
    d_scores = torch._softmax_backward_data(d_weights, weights, 2, q.dtype)
    self.looked_at_backward(dk, torch.bmm(torch.transpose(d_scores, 1, 2), block), blocks, at)
    into = d_queries.slice(2, blocks[at], blocks[at + 1])
    into.copy_(torch.view(torch.bmm(d_scores, keys), into.size()))
  return [dq.mul_(score_scale), torch.transpose(dk.mul_(score_scale), 0, 1).to(q.dtype), torch.transpose(dv, 0, 1).to(q.dtype)]


# Fused attention keeps no scores. It knows no mask, so texts (a prompt, a completion) look at themselves in one call, and all completions of
# a row at their prompt in another; both are put together by the logarithms of each query's sum of exponentials, lse (heads, n) wide.
# numbers: how many texts there are, and how many rows with completions; where each text begins and the last one ends; the same for the
# completions of each row, among all positions of completions, and for its prompt, among all positions of such prompts.
# tensors: the last three as int64, and the positions of completions and of such prompts.


# The i-th piece of q (n, heads, d), cut at numbers[at + i], looks at the i-th of k and v (m, kv, d), cut at numbers[keys_at + i]: the
# result and lse. A GPU's kernels take the cuts as cuts and keys_cuts, and all pieces at once.
def fused(self, q: Tensor, k: Tensor, v: Tensor, count: int, numbers: List[int], at: int, keys_at: int, cuts: Tensor, keys_cuts: Tensor, causal: bool, score_scale: float) -> List[Tensor]:
  if q.is_cuda:
    out, lse, state, unused, debug = torch._flash_attention_forward(q, k, v, cuts.to(3), keys_cuts.to(3), self.longest(count, numbers, at), self.longest(count, numbers, keys_at), 0.0, causal, False, scale=score_scale)
  else:
    out = torch.empty_like(q)
    lse = torch.empty([q.size(1), q.size(0)], dtype=self.wide_type(q), device=q.device)
    results = self.grouped(out, k.size(1))
    for i in range(count):
      start = numbers[at + i]
      end = numbers[at + i + 1]
      keys = self.shared(k, q, numbers[keys_at + i], numbers[keys_at + i + 1])
      values = self.shared(v, q, numbers[keys_at + i], numbers[keys_at + i + 1])
      result, sums = torch._scaled_dot_product_flash_attention_for_cpu(self.grouped(q.slice(0, start, end), k.size(1)), keys, values, 0.0, causal, attn_mask=None, scale=score_scale)
      results.slice(2, start, end).copy_(result)
      lse.slice(1, start, end).copy_(torch.flatten(sums, 0, 1))
  return [out, lse]


# Gradients of fused's q, k and v, given that of its result, which may be a part of attention only: out and lse are then those of the whole.
def fused_backward(self, dy: Tensor, q: Tensor, k: Tensor, v: Tensor, out: Tensor, lse: Tensor, count: int, numbers: List[int], at: int, keys_at: int, cuts: Tensor, keys_cuts: Tensor, causal: bool, score_scale: float) -> List[Tensor]:
  if q.is_cuda:
    dq, dk, dv = torch._flash_attention_backward(dy, q, k, v, out, lse, cuts.to(3), keys_cuts.to(3), self.longest(count, numbers, at), self.longest(count, numbers, keys_at), 0.0, causal, lse, lse, scale=score_scale)
  else:
    dq = torch.empty_like(q)
    dk = torch.empty_like(k)
    dv = torch.empty_like(v)
    slopes = self.grouped(dq, k.size(1))
    for i in range(count):
      start = numbers[at + i]
      end = numbers[at + i + 1]
      first = numbers[keys_at + i]
      last = numbers[keys_at + i + 1]
      queries = self.grouped(q.slice(0, start, end), k.size(1))
      sums = torch.reshape(lse.slice(1, start, end), [k.size(1), -1, end - start])
      of_q, of_k, of_v = torch._scaled_dot_product_flash_attention_for_cpu_backward(self.grouped(dy.slice(0, start, end), k.size(1)), queries, self.shared(k, q, first, last), self.shared(v, q, first, last), self.grouped(out.slice(0, start, end), k.size(1)), sums, 0.0, causal, attn_mask=None, scale=score_scale)
      slopes.slice(2, start, end).copy_(of_q)
      dk.slice(0, first, last).copy_(torch.transpose(torch.sum(of_k, [1]), 0, 1))
      dv.slice(0, first, last).copy_(torch.transpose(torch.sum(of_v, [1]), 0, 1))
  return [dq, dk, dv]


# The longest piece.
def longest(self, count: int, numbers: List[int], at: int) -> int:
  most = 0
  for i in range(count):
    most = max(most, numbers[at + i + 1] - numbers[at + i])
  return most


# Keys or values (m, kv, d) from `first` on as each query head of q (n, kv * g, d) sees them, (kv, g, keys, d), in place.
def shared(self, x: Tensor, q: Tensor, first: int, last: int) -> Tensor:
  keys = torch.unsqueeze(torch.transpose(x.slice(0, first, last), 0, 1), 1)
  return keys.expand([x.size(1), q.size(1) // x.size(1), last - first, x.size(2)])


# What each of two parts of attention weighs in the whole, given their lse (heads, n): (n, heads, 1).
def weight_of(self, part: Tensor, whole: Tensor) -> Tensor:
  return torch.unsqueeze(torch.t(torch.exp(part - whole)), 2)


# Attention of texts -> the result (n, heads * d), and lse.
def attend_texts(self, q: Tensor, k: Tensor, v: Tensor, numbers: List[int], tensors: List[Tensor], score_scale: float) -> List[Tensor]:
  own, far, prompt, completions, prompts = tensors
  out, lse = self.fused(q, k, v, numbers[0], numbers, 2, 2, own, own, True, score_scale)
  if numbers[1] > 0:
    at = 3 + numbers[0]
    queries = torch.index_select(q, 0, completions)
    result, sums = self.fused(queries, torch.index_select(k, 0, prompts), torch.index_select(v, 0, prompts), numbers[1], numbers, at, at + numbers[1] + 1, far, prompt, False, score_scale)
    near = torch.index_select(lse, 1, completions)
    whole = torch.logaddexp(near, sums)
    result = result * self.weight_of(sums, whole) + torch.index_select(out, 0, completions) * self.weight_of(near, whole)
    out.index_copy_(0, completions, result.to(q.dtype))
    lse.index_copy_(1, completions, whole)
  return [torch.flatten(out, 1, 2), lse]


# Gradients of q, k and v, given that of attend_texts' result, dy (n, heads * d), and what attend_texts returned.
def attend_texts_backward(self, dy: Tensor, q: Tensor, k: Tensor, v: Tensor, a: Tensor, lse: Tensor, numbers: List[int], tensors: List[Tensor], score_scale: float) -> List[Tensor]:
  own, far, prompt, completions, prompts = tensors
  slope = torch.view(dy, q.size())
  out = torch.view(a, q.size())
  dq, dk, dv = self.fused_backward(slope, q, k, v, out, lse, numbers[0], numbers, 2, 2, own, own, True, score_scale)
  if numbers[1] > 0:
    at = 3 + numbers[0]
    of_q, of_k, of_v = self.fused_backward(torch.index_select(slope, 0, completions), torch.index_select(q, 0, completions), torch.index_select(k, 0, prompts), torch.index_select(v, 0, prompts), torch.index_select(out, 0, completions), torch.index_select(lse, 1, completions), numbers[1], numbers, at, at + numbers[1] + 1, far, prompt, False, score_scale)
    dq.index_add_(0, completions, of_q)
    dk.index_add_(0, prompts, of_k)
    dv.index_add_(0, prompts, of_v)
  return [dq, dk, dv]


# Attention, as texts or as blocks -> the result (n, heads * d), and what its backward needs beside it.
def attend(self, q: Tensor, k: Tensor, v: Tensor, texts: bool, numbers: List[int], tensors: List[Tensor], score_scale: float) -> List[Tensor]:
  return self.attend_texts(q, k, v, numbers, tensors, score_scale) if texts else [self.attend_blocks(q, k, v, numbers, tensors, score_scale), q.new_empty([0])]


def attend_backward(self, dy: Tensor, q: Tensor, k: Tensor, v: Tensor, a: Tensor, lse: Tensor, texts: bool, numbers: List[int], tensors: List[Tensor], score_scale: float) -> List[Tensor]:
  return self.attend_texts_backward(dy, q, k, v, a, lse, numbers, tensors, score_scale) if texts else self.attend_blocks_backward(dy, q, k, v, numbers, tensors, score_scale)


# The layer up to attention: queries and keys turned, values, all (n, heads of each, d); queries and keys before their norm,
# empty where they have none; the low-rank middles of the three projections.
def before_attention(self, x: Tensor, cos: Tensor, sin: Tensor, weights: List[Tensor], lora: List[Tensor], scale: float, drop: Tuple[float, List[int], List[int], List[int]], eps: float, norm_offset: float, heads: int, kv_heads: int) -> List[Tensor]:
  none = x.new_empty([0])
  y = self.rms_norm(x, weights[0], eps, norm_offset)
  q, middle_q = self.projection(y, weights[1], weights[5], lora, 0, scale, drop)
  k, middle_k = self.projection(y, weights[2], weights[6], lora, 1, scale, drop)
  v, middle_v = self.projection(y, weights[3], weights[7], lora, 2, scale, drop)
  q = self.split_heads(q, heads)
  k = self.split_heads(k, kv_heads)
  turned_q = self.rotate(self.optional_norm(q, weights[8], eps, norm_offset), cos, sin)
  turned_k = self.rotate(self.optional_norm(k, weights[9], eps, norm_offset), cos, sin)
  return [turned_q, turned_k, self.split_heads(v, kv_heads), q if weights[8].numel() > 0 else none, k if weights[9].numel() > 0 else none, middle_q, middle_k, middle_v]


# The layer between attention, whose result is a (n, heads * d), and its last projection: the middle of the residual stream;
# attention's output before its norm, empty where it has none; gate and up; the low-rank middles of the three projections.
def after_attention(self, x: Tensor, a: Tensor, weights: List[Tensor], lora: List[Tensor], scale: float, drop: Tuple[float, List[int], List[int], List[int]], eps: float, norm_offset: float) -> List[Tensor]:
  none = x.new_empty([0])
  o, middle_o = self.projection(a, weights[4], none, lora, 3, scale, drop)
  between = x + self.optional_norm(o, weights[10], eps, norm_offset)
  y = self.rms_norm(between, weights[11], eps, norm_offset)
  gate, middle_gate = self.projection(y, weights[12], none, lora, 4, scale, drop)
  up, middle_up = self.projection(y, weights[13], none, lora, 5, scale, drop)
  return [between, o if weights[10].numel() > 0 else none, gate, up, middle_o, middle_gate, middle_up]


# The last projection: the MLP's output before its norm, and its low-rank middle.
def down_projection(self, gate: Tensor, up: Tensor, weights: List[Tensor], lora: List[Tensor], scale: float, drop: Tuple[float, List[int], List[int], List[int]], gelu: bool) -> Tuple[Tensor, Tensor]:
  return self.projection(self.activation(gate, gelu).mul_(up), weights[14], gate.new_empty([0]), lora, 6, scale, drop)


# x (n, h) -> the result (n, h), attention's a (n, heads * d) and lse, followed, where `keep`, by what layer_again returns.
def layer(self, x: Tensor, cos: Tensor, sin: Tensor, texts: bool, numbers: List[int], tensors: List[Tensor], weights: List[Tensor], lora: List[Tensor], scale: float, p: float, seeds: List[int], starts: List[int], ends: List[int], eps: float, norm_offset: float, score_scale: float, gelu: bool, heads: int, kv_heads: int, keep: bool) -> List[Tensor]:
  drop = (p, seeds, starts, ends)
  before = self.before_attention(x, cos, sin, weights, lora, scale, drop, eps, norm_offset, heads, kv_heads)
  attended = self.attend(before[0], before[1], before[2], texts, numbers, tensors, score_scale)
  after = self.after_attention(x, attended[0], weights, lora, scale, drop, eps, norm_offset)
  down, middle_down = self.down_projection(after[2], after[3], weights, lora, scale, drop, gelu)
  result = [after[0] + self.optional_norm(down, weights[15], eps, norm_offset)] + attended
  return result + before + after + [down if weights[15].numel() > 0 else x.new_empty([0]), middle_down] if keep else result


# What layer_backward needs beside x, a and lse, computed again: no attention, and no result of the layer.
def layer_again(self, x: Tensor, a: Tensor, cos: Tensor, sin: Tensor, weights: List[Tensor], lora: List[Tensor], scale: float, p: float, seeds: List[int], starts: List[int], ends: List[int], eps: float, norm_offset: float, gelu: bool, heads: int, kv_heads: int) -> List[Tensor]:
  drop = (p, seeds, starts, ends)
  before = self.before_attention(x, cos, sin, weights, lora, scale, drop, eps, norm_offset, heads, kv_heads)
  after = self.after_attention(x, a, weights, lora, scale, drop, eps, norm_offset)
  if weights[15].numel() > 0:
    down, middle_down = self.down_projection(after[2], after[3], weights, lora, scale, drop, gelu)
  else:
    down = x.new_empty([0])
    middle_down = self.low_rank(self.activation(after[2], gelu).mul_(after[3]), lora, 6, scale, drop)
  return before + after + [down, middle_down]


# Gradient of x, given dy (n, h), that of layer's result; empty unless `inner`. Adds to the gradients of everything trained.
# kept: what layer returned after its result.
def layer_backward(self, dy: Tensor, x: Tensor, kept: List[Tensor], cos: Tensor, sin: Tensor, texts: bool, numbers: List[int], tensors: List[Tensor], weights: List[Tensor], lora: List[Tensor], scale: float, p: float, seeds: List[int], starts: List[int], ends: List[int], eps: float, norm_offset: float, score_scale: float, gelu: bool, inner: bool, weight_gradients: List[Tensor], lora_gradients: List[Tensor]) -> Tensor:
  drop = (p, seeds, starts, ends)
  none = x.new_empty([0])
  a, lse, q, k, v, plain_q, plain_k, middle_q, middle_k, middle_v, between, o, gate, up, middle_o, middle_gate, middle_up, down, middle_down = kept
  d = self.optional_norm_backward(dy, down, weights[15], eps, norm_offset, weight_gradients[15])
  active = self.activation(gate, gelu)
  d = self.projection_backward(d, active * up, weights[14], lora, 6, scale, drop, middle_down, weight_gradients[14], none, lora_gradients, none, True)
  d_up = active.mul_(d)
  d_gate = self.activation_backward(d.mul_(up), gate, gelu)
  y = self.rms_norm(between, weights[11], eps, norm_offset)
  d = self.projection_backward(d_gate, y, weights[12], lora, 4, scale, drop, middle_gate, weight_gradients[12], none, lora_gradients, none, True)
  d = self.projection_backward(d_up, y, weights[13], lora, 5, scale, drop, middle_up, weight_gradients[13], none, lora_gradients, d, True)
  d_between = dy + self.rms_norm_backward(d, between, weights[11], eps, norm_offset, weight_gradients[11])
  d = self.optional_norm_backward(d_between, o, weights[10], eps, norm_offset, weight_gradients[10])
  d = self.projection_backward(d, a, weights[4], lora, 3, scale, drop, middle_o, weight_gradients[4], none, lora_gradients, none, True)
  dq, dk, dv = self.attend_backward(d, q, k, v, a, lse, texts, numbers, tensors, score_scale)
  dq = self.optional_norm_backward(self.rotate_backward(dq, cos, sin), plain_q, weights[8], eps, norm_offset, weight_gradients[8])
  dk = self.optional_norm_backward(self.rotate_backward(dk, cos, sin), plain_k, weights[9], eps, norm_offset, weight_gradients[9])
  y = self.rms_norm(x, weights[0], eps, norm_offset)
  d = self.projection_backward(torch.flatten(dq, 1, 2), y, weights[1], lora, 0, scale, drop, middle_q, weight_gradients[1], weight_gradients[5], lora_gradients, none, inner)
  d = self.projection_backward(torch.flatten(dk, 1, 2), y, weights[2], lora, 1, scale, drop, middle_k, weight_gradients[2], weight_gradients[6], lora_gradients, d, inner)
  d = self.projection_backward(torch.flatten(dv, 1, 2), y, weights[3], lora, 2, scale, drop, middle_v, weight_gradients[3], weight_gradients[7], lora_gradients, d, inner)
  if inner:
    d = d_between.add_(self.rms_norm_backward(d, x, weights[0], eps, norm_offset, weight_gradients[0]))
  return d


# The layer for b rows of l positions each, x (b * l, h) -> (b * l, h), when a text is written or only looked at.
# mask (b, 1, l, keys) is added to the attention scores.
# cache is empty, or holds keys and values (b, kv, room, d); then this call's keys and values are written at `offset` and
# everything up to them is attended to, and mask may be as wide as the room.
def masked_layer(self, x: Tensor, cos: Tensor, sin: Tensor, mask: Tensor, weights: List[Tensor], lora: List[Tensor], scale: float, eps: float, norm_offset: float, score_scale: float, gelu: bool, heads: int, kv_heads: int, cache: List[Tensor], offset: int) -> Tensor:
  drop = (0.0, annotate(List[int], []), annotate(List[int], []), annotate(List[int], []))
  before = self.before_attention(x, cos, sin, weights, lora, scale, drop, eps, norm_offset, heads, kv_heads)
  rows = mask.size(0)
  q = torch.transpose(torch.reshape(before[0], [rows, -1, heads, before[0].size(2)]), 1, 2)  # (b, heads, l, d)
  k = torch.transpose(torch.reshape(before[1], [rows, -1, kv_heads, before[1].size(2)]), 1, 2)  # (b, kv, l, d)
  v = torch.transpose(torch.reshape(before[2], [rows, -1, kv_heads, before[2].size(2)]), 1, 2)
  if len(cache) > 0:
    end = offset + q.size(2)
    cache[0].slice(2, offset, end).copy_(k)
    cache[1].slice(2, offset, end).copy_(v)
    k = cache[0].slice(2, 0, end)
    v = cache[1].slice(2, 0, end)
    mask = mask.slice(3, 0, end)
  if kv_heads != heads:
    k = torch.repeat_interleave(k, heads // kv_heads, 1)
    v = torch.repeat_interleave(v, heads // kv_heads, 1)
  a = torch.scaled_dot_product_attention(q, k, v, mask, 0.0, False, scale=score_scale)
  a = torch.reshape(torch.transpose(a, 1, 2), [x.size(0), -1])
  after = self.after_attention(x, a, weights, lora, scale, drop, eps, norm_offset)
  down, middle_down = self.down_projection(after[2], after[3], weights, lora, scale, drop, gelu)
  return after[0] + self.optional_norm(down, weights[15], eps, norm_offset)
