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
# chunk * v logits exist -> (n, 1) float64; with a mean_row (h) wide, the head's, (n, 8): also token_statistics. at_labels
# (n, h): hidden states at the labels' own positions. What a product of `chunk` rows gives is looked at in parts that stay in
# the processor's cache, on a GPU all at once; nothing small outlives them, which would keep their memory from being used again.
def head_logps(self, hidden: Tensor, weight: Tensor, labels: Tensor, chunk: int, mean_row: Tensor, at_labels: Tensor) -> Tensor:
  w = weight.to(hidden.dtype)
  rows = chunk if hidden.is_cuda else max(1, 262144 // w.size(0))
  table = torch.empty([hidden.size(0), 1 if mean_row.numel() == 0 else 8], dtype=7, device=hidden.device)
  for start in range(0, hidden.size(0), chunk):
    logits = torch.linear(hidden.slice(0, start, start + chunk), w)
    for first in range(0, logits.size(0), rows):
      last = min(first + rows, logits.size(0))
      label = torch.unsqueeze(labels.slice(0, start + first, start + last), 1)
      logps = torch.log_softmax(self.wide(logits.slice(0, first, last)), 1)
      columns = [torch.gather(logps, 1, label)]
      if mean_row.numel() > 0:
        x = hidden.slice(0, start + first, start + last)
        columns.extend(self.token_statistics(logps, label, x, at_labels.slice(0, start + first, start + last), mean_row))
      table.slice(0, start + first, start + last).copy_(torch.cat(columns, 1))
  return table


# Of log-probabilities (n, v), seven columns (n, 1): entropy (nats), probability of the ten likeliest tokens together, 1
# where the label is the likeliest, what those ten add to the entropy, log of the sum of all squared probabilities, and the
# mean of the raw logits here and at the label's own position, x and at_labels (n, h) being the hidden states of both: the mean
# of the products is the product with the mean row.
def token_statistics(self, logps: Tensor, label: Tensor, x: Tensor, at_labels: Tensor, mean_row: Tensor) -> List[Tensor]:
  p = torch.exp(logps)
  top, likeliest = torch.topk(p, min(10, p.size(1)), 1)
  return [
    torch.neg(torch.sum(p * logps, [1], True)),
    torch.sum(top, [1], True),
    (likeliest.slice(1, 0, 1) == label).to(logps.dtype),
    torch.neg(torch.sum(torch.xlogy(top, top), [1], True)),
    torch.log(torch.linalg_vector_norm(p, 2, [1], True)).mul_(2.0),
    torch.unsqueeze(torch.mv(self.wide(x), mean_row), 1),
    torch.unsqueeze(torch.mv(self.wide(at_labels), mean_row), 1),
  ]


# The mean of the head's rows, (h) wide, a part at a time so that no wide copy of the head exists.
def mean_row(self, weight: Tensor, compute: int) -> Tensor:
  total = torch.zeros([weight.size(1)], dtype=7 if compute == 7 else 6, device=weight.device)
  for start in range(0, weight.size(0), 8192):
    total.add_(torch.sum(self.wide(weight.slice(0, start, start + 8192).to(compute)), [0]))
  return total.div_(weight.size(0))


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
