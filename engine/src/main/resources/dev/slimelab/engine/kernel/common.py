# TorchScript text, not Python: compiled by libtorch when the engine starts (see TorchScriptArchive).
# Element types are libtorch's numbers: 6 float32, 7 float64, 15 bfloat16.
# Shapes in comments: n positions, h hidden, v vocabulary, d the width of a head; b rows of l positions where texts are written.


# What norms, softmax and log-probabilities of x are computed in: float64 stays, everything else becomes float32.
def wide_type(self, x: Tensor) -> int:
  return 7 if x.dtype == 7 else 6


def wide(self, x: Tensor) -> Tensor:
  return x.to(self.wide_type(x))


# 1 over the root mean square of the last dimension of x, wide.
def inverse_rms(self, x: Tensor, eps: float) -> Tensor:
  return torch.rsqrt(torch.mean(x * x, [-1], True) + eps)


# Root-mean-square norm over the last dimension, statistics wide, times weight + offset. Offset 0 multiplies in x's type
# (as transformers' LlamaRMSNorm), any other wide (as its Gemma3RMSNorm, whose offset is 1).
def rms_norm(self, x: Tensor, weight: Tensor, eps: float, offset: float) -> Tensor:
  y = self.wide(x)
  y = y * self.inverse_rms(y, eps)
  if offset == 0.0:
    y = y.to(x.dtype) * weight.to(x.dtype)
  else:
    y = (y * (self.wide(weight) + offset)).to(x.dtype)
  return y


# Gradient of x, given that of rms_norm's result; adds the weight's to weight_gradient unless that is empty.
def rms_norm_backward(self, dy: Tensor, x: Tensor, weight: Tensor, eps: float, offset: float, weight_gradient: Tensor) -> Tensor:
  y = self.wide(x)
  inverse = self.inverse_rms(y, eps)
  y = y * inverse
  d = self.wide(dy)
  if weight_gradient.numel() > 0:
    weight_gradient.add_(torch.sum(torch.flatten(d * y, 0, -2), [0]))
  d = d * (self.wide(weight) + offset)
  return d.sub_(y * torch.mean(d * y, [-1], True)).mul_(inverse).to(x.dtype)
