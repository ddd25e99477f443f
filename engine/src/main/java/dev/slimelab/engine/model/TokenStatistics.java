package dev.slimelab.engine.model;

/// What a pass knows about each completion token besides its log-probability; all arrays are (row,
/// completion, token).
///
/// @param entropy of the distribution that predicts the token, in nats
/// @param topTenMass probability of the ten likeliest tokens of that distribution together
/// @param likeliest 1 where the token is the likeliest of that distribution, else 0
/// @param meanLogit mean over the vocabulary of the raw logits *at the token's own place*, that is
///   of the distribution that predicts the token after it
// Arrays, because statistics are read once and never compared.
@SuppressWarnings("ArrayRecordComponent")
public record TokenStatistics(
        double[][][] entropy,
        double[][][] topTenMass,
        double[][][] likeliest,
        double[][][] meanLogit) {}
