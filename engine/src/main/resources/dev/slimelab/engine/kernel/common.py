# TorchScript text, not Python: compiled by libtorch when the engine starts (see TorchScriptArchive).
# Element types are libtorch's numbers: 6 float32, 7 float64, 15 bfloat16.
# Shapes in comments: b rows, l positions of a row, h hidden, n chosen positions, v vocabulary.


# What norms, softmax and log-probabilities are computed in: float64 stays, everything else becomes float32.
def wide(self, x: Tensor) -> Tensor:
  return x if x.dtype == 7 else x.to(6)


# Root-mean-square norm over the last dimension, statistics wide, times weight + offset. Offset 0 multiplies in x's type
# (as transformers' LlamaRMSNorm), any other wide (as its Gemma3RMSNorm, whose offset is 1).
def rms_norm(self, x: Tensor, weight: Tensor, eps: float, offset: float) -> Tensor:
  y = self.wide(x)
  y = y * torch.rsqrt(torch.mean(y * y, [-1], True) + eps)
  if offset == 0.0:
    y = y.to(x.dtype) * weight.to(x.dtype)
  else:
    y = (y * (self.wide(weight) + offset)).to(x.dtype)
  return y


# The same values as the input of a piece of the network whose graph starts here.
def leaf(self, x: Tensor) -> Tensor:
  return torch.requires_grad_(torch.detach(x), True)


# Vector-Jacobian product of one piece of the network; frees the piece's graph.
# Adds to `gradients` what belongs to `parameters` (same order) and returns the gradient of `input`,
# or an empty tensor where the input needs none.
def backward(self, output: Tensor, output_gradient: Tensor, input: Tensor, parameters: List[Tensor], gradients: List[Tensor]) -> Tensor:
  leaves = parameters
  if input.requires_grad:
    leaves = parameters + [input]
  found = torch.grad([output], leaves, annotate(Optional[List[Optional[Tensor]]], [output_gradient]), allow_unused=True)
  for i in range(len(parameters)):
    gradient = found[i]
    if gradient is not None:
      gradients[i].add_(gradient)
  result = torch.empty([0], dtype=output.dtype, device=output.device)
  if input.requires_grad:
    gradient = found[-1]
    if gradient is not None:
      result = gradient
  return result
