# Hidden states of chosen positions after the final norm: x (n, h), index (n') into its positions -> (n', h).
def final_norm(self, x: Tensor, index: Tensor, weight: Tensor, eps: float, offset: float) -> Tensor:
  return self.rms_norm(torch.index_select(x, 0, index), weight, eps, offset)


# Gradient of x (n, h), given that of final_norm's result, dy (n', h): the sum over the places where a position was chosen.
def final_norm_backward(self, dy: Tensor, x: Tensor, index: Tensor, weight: Tensor, eps: float, offset: float, weight_gradient: Tensor) -> Tensor:
  chosen = self.rms_norm_backward(dy, torch.index_select(x, 0, index), weight, eps, offset, weight_gradient)
  return torch.zeros_like(self.wide(x)).index_add_(0, index, self.wide(chosen)).to(x.dtype)


# Raw logits: hidden (n, h) -> (n, v) float64.
def logits(self, hidden: Tensor, weight: Tensor) -> Tensor:
  return torch.linear(hidden, weight.to(hidden.dtype)).to(7)


# Log-probabilities (n, v) wide under the head's weight (v, h) in hidden's type.
def logps(self, hidden: Tensor, weight: Tensor) -> Tensor:
  return torch.log_softmax(self.wide(torch.linear(hidden, weight)), 1)


# Log-probabilities (n, v) -> those of labels (n, 1) as (n), the `count` likeliest tokens (n, count) int64 and theirs; float64.
def labels_and_likeliest(self, logps: Tensor, labels: Tensor, count: int) -> List[Tensor]:
  top, ids = torch.topk(logps, min(count, logps.size(1)), 1)
  return [torch.squeeze(torch.gather(logps, 1, labels), 1).to(7), ids, top.to(7)]


# The same of hidden states (n, h) and labels (n) int64, for looking at a text: chunked as head_logps, which gives the
# same log-probabilities of the labels.
def head_likeliest(self, hidden: Tensor, weight: Tensor, labels: Tensor, chunk: int, count: int) -> List[Tensor]:
  w = weight.to(hidden.dtype)
  found = annotate(List[Tensor], [])
  ids = annotate(List[Tensor], [])
  top = annotate(List[Tensor], [])
  for start in range(0, hidden.size(0), chunk):
    logps = self.logps(hidden.slice(0, start, start + chunk), w)
    parts = self.labels_and_likeliest(logps, torch.unsqueeze(labels.slice(0, start, start + chunk), 1), count)
    found.append(parts[0])
    ids.append(parts[1])
    top.append(parts[2])
  return [torch.cat(found, 0), torch.cat(ids, 0), torch.cat(top, 0)]


# Log-probabilities of labels (n) int64 under the head's weight (v, h), `chunk` positions at a time so that no more than
# chunk * v logits exist -> (n, 1) float64; with a mean_row (h) wide, the head's, (n, 8): log-probability, entropy (nats),
# probability of the ten likeliest tokens together, 1 where the label is the likeliest, what those ten add to the entropy,
# log of the sum of all squared probabilities, and the mean of the raw logits here and at the label's own position, whose
# hidden states are at_labels (n, h). The mean of the products is the product with the mean row.
def head_logps(self, hidden: Tensor, weight: Tensor, labels: Tensor, chunk: int, mean_row: Tensor, at_labels: Tensor) -> Tensor:
  w = weight.to(hidden.dtype)
  parts = annotate(List[Tensor], [])
  for start in range(0, hidden.size(0), chunk):
    x = hidden.slice(0, start, start + chunk)
    label = torch.unsqueeze(labels.slice(0, start, start + chunk), 1)
    logps = self.logps(x, w)
    columns = [torch.gather(logps, 1, label)]
    if mean_row.numel() > 0:
      p = torch.exp(logps)
      top, likeliest = torch.topk(p, min(10, p.size(1)), 1)
      columns.append(torch.neg(self.inner_products(p, logps)))
      columns.append(torch.sum(top, [1], True))
      columns.append((likeliest.slice(1, 0, 1) == label).to(logps.dtype))
      columns.append(torch.neg(torch.sum(torch.xlogy(top, top), [1], True)))
      columns.append(torch.log(self.inner_products(p, p)))
      columns.append(torch.unsqueeze(torch.mv(self.wide(x), mean_row), 1))
      columns.append(torch.unsqueeze(torch.mv(self.wide(at_labels.slice(0, start, start + chunk)), mean_row), 1))
    parts.append(torch.cat(columns, 1).to(7))
  return torch.cat(parts, 0)


# Of each row of x with the same row of y, both (n, v) -> (n, 1), without a product as large as they are.
def inner_products(self, x: Tensor, y: Tensor) -> Tensor:
  return torch.squeeze(torch.bmm(torch.unsqueeze(x, 1), torch.unsqueeze(y, 2)), 2)


# The mean of the head's rows, (h) wide.
def mean_row(self, weight: Tensor, compute: int) -> Tensor:
  return torch.mean(self.wide(weight.to(compute)), [0])


# Gradient of sum(c * logp): c and logp (n) float64 -> gradient of hidden (n, h). d logp[label] / d logits = onehot - softmax;
# at the label that is 1 - p, from logp so that it is exact where p is nearly 1. c is multiplied in where the rows are
# narrow. Logits are computed again, chunk by chunk. Adds the head weight's gradient to weight_gradient unless that is empty.
def head_backward(self, hidden: Tensor, weight: Tensor, labels: Tensor, logps: Tensor, c: Tensor, chunk: int, weight_gradient: Tensor) -> Tensor:
  w = weight.to(hidden.dtype)
  slope = torch.unsqueeze(torch.neg(c), 1).to(self.wide_type(hidden))
  parts = annotate(List[Tensor], [])
  for start in range(0, hidden.size(0), chunk):
    x = hidden.slice(0, start, start + chunk)
    p = torch.softmax(torch.linear(x, w), 1)
    places = torch.arange(x.size(0), device=x.device) * p.size(1) + labels.slice(0, start, start + chunk)
    p.put_(places, torch.expm1(logps.slice(0, start, start + chunk)).to(p.dtype))
    parts.append(torch.mm(p, w))
    if weight_gradient.numel() > 0:
      weight_gradient.add_(torch.mm(torch.t(p), (x * slope.slice(0, start, start + chunk)).to(x.dtype)))
  return (torch.cat(parts, 0) * slope).to(hidden.dtype)
