package dev.slimelab.engine.generate;

import java.util.List;

/// Hears tokens and tells text.
record Transcripts(List<Transcript> transcripts, TextListener listener) implements Listener {
    @Override
    public void prompt(int prompt, List<ScoredToken> tokens) {
        listener.prompt(prompt, tokens);
    }

    @Override
    public Next token(int prompt, ScoredToken token) {
        Transcript transcript = transcripts.get(prompt);
        listener.text(prompt, transcript.add(token));
        if (transcript.stopped()) {
            listener.ended(prompt, TextListener.End.STOP);
            return Next.ENOUGH;
        }
        return Next.GO_ON;
    }

    @Override
    public void stopped(int prompt, ScoredToken stopToken) {
        listener.text(prompt, transcripts.get(prompt).end(stopToken));
        listener.ended(prompt, TextListener.End.STOP);
    }

    @Override
    public void cut(int prompt) {
        Transcript transcript = transcripts.get(prompt);
        listener.text(prompt, transcript.end());
        listener.ended(
                prompt, transcript.stopped() ? TextListener.End.STOP : TextListener.End.LENGTH);
    }
}
