# Probabilities (b, v) that are left of p (b, v): first the top_k likeliest (0: all), then of these the fewest that
# together hold the share top_p; the others become 0. Not normalised again. Of equal tokens the lower id is likelier.
def nucleus(self, p: Tensor, top_k: int, top_p: float) -> Tensor:
  ranked, order = torch.sort(p, stable=True, dim=1, descending=True)
  if top_k > 0:
    ranked = ranked.slice(1, 0, top_k)
    order = order.slice(1, 0, top_k)
  before = torch.cumsum(ranked, 1) - ranked
  outside = before >= top_p * torch.sum(ranked, [1], True)
  outside.slice(1, 0, 1).fill_(False)
  return torch.scatter(torch.zeros_like(p), 1, order, torch.masked_fill(ranked, outside, 0.0))


# What follows each hidden state (b, h), under the head's weight (v, h) -> token (b) int64, its log-probability (b),
# the `alternatives` likeliest tokens (b, alternatives) int64 and theirs; log-probabilities float64, of the model itself,
# whatever temperature and nucleus are.
# Temperature 0 takes the likeliest. Otherwise the token at which the cumulative probability passes the row's
# uniform number (b) float64 in [0, 1): the caller owns the randomness, so rows do not depend on their neighbours.
def next_token(self, hidden: Tensor, head: Tensor, temperature: float, top_k: int, top_p: float, uniform: Tensor, alternatives: int) -> List[Tensor]:
  logps = self.logps(hidden, head.to(hidden.dtype))
  token = torch.argmax(logps, 1)
  if temperature > 0.0:
    p = torch.softmax(logps.to(7) / temperature, 1)
    if top_k > 0 or top_p < 1.0:
      p = self.nucleus(p, top_k, top_p)
    cumulative = torch.cumsum(p, 1)
    sought = torch.unsqueeze(uniform, 1) * cumulative.slice(1, -1)
    passed = torch.sum((cumulative <= sought).to(4), [1])
    token = torch.clamp(passed, 0, logps.size(1) - 1)
  return [token] + self.labels_and_likeliest(logps, torch.unsqueeze(token, 1), alternatives)


# A cache (b, kv, positions, d) with room for more positions, zeros.
def widen(self, cache: Tensor, room: int) -> Tensor:
  return torch.constant_pad_nd(cache, [0, 0, 0, room - cache.size(2)], 0)
