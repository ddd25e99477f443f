package dev.slimelab.app.token;

import dev.slimelab.app.look.Numbers;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Answers token by token: what is written and shaded, without sizes.
///
/// @param legend what the shades mean
public record TokenPicture(List<Answer> answers, Legend legend) {
    public TokenPicture {
        answers = List.copyOf(answers);
    }

    /// An answer.
    ///
    /// @param title stands above it; empty for none
    public record Answer(String title, List<Cell> cells) {
        public Answer {
            cells = List.copyOf(cells);
        }
    }

    /// A token.
    ///
    /// @param value what its shade tells; NaN where it is not known
    /// @param facts everything known of it, each a name and a number
    public record Cell(String text, double value, Map<String, String> facts) {
        /// How likely a model finds a token, as facts.
        ///
        /// @param logp in nats
        public static Map<String, String> logp(double logp) {
            Map<String, String> facts = new LinkedHashMap<>();
            facts.put("log-prob", Numbers.fixed(logp, 3) + " nat");
            facts.put("probability", probability(logp));
            return facts;
        }

        /// A token's text with what cannot be seen made visible.
        public static String visible(String token) {
            return token.replace("\n", "↵").replace("\t", "→").replace(' ', '·');
        }

        /// In percent.
        public static String probability(double logp) {
            return Numbers.significant(Math.exp(logp) * 100, 3) + Numbers.NARROW_SPACE + "%";
        }
    }
}
