package dev.slimelab.engine.model;

/// What a pass knows about each completion token besides its log-probability; all arrays are (row,
/// completion, token).
///
/// How the reference trainers' scalars follow from them, found by matching the recorded training
/// traces (no padding is ever included except where said):
///
/// | scalar | TRL 1.13.0 DPOTrainer | TRL 1.13.0 CPOTrainer (SimPO) | trl-slime |
/// | --- | --- | --- | --- |
/// | `logps/chosen` | mean over pairs of token sums | mean over pairs of token means | as SimPO |
/// | `logits/chosen` | mean of `meanLogit` over all tokens of chosen completions | mean over *all*
///   positions of the padded chosen rows, prompt and padding too; see [PaddedLogits] | mean of
///   `meanLogitAtToken` over all tokens of chosen completions |
/// | `entropy` | mean over all tokens of chosen and rejected completions | | |
/// | `mean_token_accuracy` | mean of `likeliest` over tokens of *chosen* completions only | | |
/// | `num_tokens` | prompt and completion tokens of both halves, so prompts count twice | | |
///
/// @param entropy of the distribution that predicts the token, in nats
/// @param topTenMass probability of the ten likeliest tokens of that distribution together
/// @param topTenEntropy −Σ π·log π over those ten, not renormalised, in nats
/// @param likeliest 1 where the token is the likeliest of that distribution, else 0
/// @param logSquares log Σ π² of that distribution, in nats
/// @param meanLogit mean over the vocabulary of that distribution's raw logits
/// @param meanLogitAtToken the same at the token's own place, that is for the distribution that
///   predicts what follows it
// Arrays, because statistics are read once and never compared.
@SuppressWarnings("ArrayRecordComponent")
public record TokenStatistics(
        double[][][] entropy,
        double[][][] topTenMass,
        double[][][] topTenEntropy,
        double[][][] likeliest,
        double[][][] logSquares,
        double[][][] meanLogit,
        double[][][] meanLogitAtToken) {}
