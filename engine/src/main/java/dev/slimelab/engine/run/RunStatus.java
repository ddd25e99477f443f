package dev.slimelab.engine.run;

import com.fasterxml.jackson.annotation.JsonProperty;

import dev.slimelab.engine.file.AtomicFile;

import org.jspecify.annotations.Nullable;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;

/// What the engine last said of itself: the content of `status.json`.
///
/// @param step optimiser steps done, of `of`
/// @param epoch passes over the data so far
/// @param etaSeconds estimated time to the end; null while unknown
/// @param heartbeat when this was written; the engine writes at least every two seconds while it
///   lives
/// @param problem why it failed; null otherwise
public record RunStatus(
        State state,
        int step,
        int of,
        double epoch,
        @Nullable Double etaSeconds,
        long pid,
        String host,
        Instant heartbeat,
        @Nullable Failure problem) {

    /// Where a run stands.
    public enum State {
        @JsonProperty("queued")
        QUEUED,
        @JsonProperty("preparing")
        PREPARING,
        @JsonProperty("training")
        TRAINING,
        @JsonProperty("paused")
        PAUSED,
        @JsonProperty("evaluating")
        EVALUATING,
        @JsonProperty("finished")
        FINISHED,
        @JsonProperty("stopped")
        STOPPED,
        @JsonProperty("failed")
        FAILED,
        /// Never written: deduced by a reader when the engine vanished without a last word.
        @JsonProperty("lost")
        LOST;

        /// Whether nothing more will come.
        public boolean isFinal() {
            return switch (this) {
                case FINISHED, STOPPED, FAILED, LOST -> true;
                case QUEUED, PREPARING, TRAINING, PAUSED, EVALUATING -> false;
            };
        }
    }

    /// Why a run failed, in sentences.
    public record Failure(String what, String remedy) {}

    /// An engine on this host whose process is gone is lost at once; on another host, after this
    /// silence.
    public static final Duration SILENCE = Duration.ofSeconds(8);

    private static final JsonMapper JSON = JsonMapper.shared();

    /// The last status of a run as a reader should show it: an engine that vanished is
    /// [State#LOST].
    ///
    /// @return null where the engine has not written a status yet
    public static @Nullable RunStatus read(Path file, Instant asOf) {
        String text;
        try {
            text = Files.readString(file);
        } catch (NoSuchFileException _) {
            return null;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        try {
            RunStatus said = JSON.readValue(text, RunStatus.class);
            return said.hasVanished(asOf) ? said.with(State.LOST) : said;
        } catch (JacksonException _) {
            return null; // not one of ours, or from a version that wrote other fields
        }
    }

    public void write(Path file) {
        AtomicFile.write(
                file, JSON.writerWithDefaultPrettyPrinter().writeValueAsString(this) + "\n");
    }

    public RunStatus with(State other) {
        return new RunStatus(other, step, of, epoch, etaSeconds, pid, host, heartbeat, problem);
    }

    /// Share of the steps done, 0 to 1.
    public double progress() {
        return of == 0 ? 0 : (double) step / of;
    }

    private boolean hasVanished(Instant asOf) {
        if (state.isFinal()) {
            return false;
        }
        boolean silent = Duration.between(heartbeat, asOf).compareTo(SILENCE) > 0;
        if (!host.equals(localHost())) {
            return silent;
        }
        boolean running = ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false);
        return !running || silent;
    }

    /// This machine's name, as written into a status.
    public static String localHost() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException _) {
            return "localhost";
        }
    }
}
