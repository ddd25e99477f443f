# The next token of each row: x (b, l, h), of which the last position speaks -> (b) int64.
# Temperature 0 takes the likeliest. Otherwise the token at which the cumulative probability passes the row's
# uniform number (b) float64 in [0, 1): the caller owns the randomness, so rows do not depend on their neighbours.
def next_token(self, x: Tensor, norm: Tensor, eps: float, offset: float, head: Tensor, temperature: float, uniform: Tensor) -> Tensor:
  last = self.rms_norm(torch.select(x, 1, -1), norm, eps, offset)
  logits = self.wide(torch.linear(last, head.to(last.dtype)))
  token = torch.argmax(logits, 1)
  if temperature > 0.0:
    cumulative = torch.cumsum(torch.softmax(logits.to(7) / temperature, 1), 1)
    passed = torch.sum((cumulative <= torch.unsqueeze(uniform, 1)).to(4), [1])
    token = torch.clamp(passed, 0, logits.size(1) - 1)
  return token
