package dev.slimelab.engine.train;

import dev.slimelab.engine.kernel.Torch;
import dev.slimelab.engine.model.LanguageModel;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;

/// The policy, and its reference, on every device of a run, so that the parts of a step are worked
/// off side by side: data parallelism.
///
/// The optimiser moves the policy on the first device. Between steps the others hold the same
/// values, and gradients of zero. What a device does depends on the order of the parts alone, and
/// gradients are added in the order of the devices, so a run repeats as it does on one.
public final class Replicas implements AutoCloseable {
    private final ObjectiveInputs first;
    private final List<Replica> others;

    /// Policy and reference on a further device, and the thread that works there.
    private record Replica(ObjectiveInputs inputs, ExecutorService thread) {
        static Replica of(ObjectiveInputs first, Torch torch) {
            LanguageModel policy = first.policy().on(torch);
            return new Replica(
                    new ObjectiveInputs(policy, first.reference().on(policy), first.memory()),
                    Executors.newSingleThreadExecutor(torch::newThread));
        }

        void close() {
            thread.close();
            if (inputs.reference() instanceof ReferenceLogps.Copy copy) {
                copy.model().close();
            }
            inputs.policy().close();
        }
    }

    /// Copies policy and reference, as they are, to the other devices of their libtorch.
    ///
    /// @param first those on the first device, which stay their owner's
    public Replicas(ObjectiveInputs first) {
        this.first = first;
        this.others =
                first.policy().torch().others().stream()
                        .map(torch -> Replica.of(first, torch))
                        .toList();
    }

    /// What an objective is given on the first device.
    public ObjectiveInputs first() {
        return first;
    }

    /// What is done with a part of a step.
    interface Work<P, R> {
        /// Does it.
        ///
        /// @param inputs on the device that does it
        R of(ObjectiveInputs inputs, P part);
    }

    /// Deals parts to the devices like cards; each works off its own in their order. Where one
    /// fails, none begins another part, and all are waited for.
    ///
    /// @return the results in the order of the parts
    <P, R> List<R> deal(List<P> parts, Work<P, R> work) {
        var failed = new AtomicBoolean();
        List<CompletableFuture<List<R>>> shares = new ArrayList<>();
        for (int other = 0; other < others.size(); other++) {
            Replica replica = others.get(other);
            List<P> share = share(parts, other + 1);
            shares.add(
                    CompletableFuture.supplyAsync(
                            () -> workOff(share, replica.inputs, work, failed), replica.thread));
        }
        shares.addFirst(
                CompletableFuture.supplyAsync(
                        () -> workOff(share(parts, 0), first, work, failed), Runnable::run));
        shares.forEach(share -> share.exceptionally(_ -> List.of()).join());
        shares.forEach(Replicas::requireDone);
        List<R> results = new ArrayList<>();
        for (int part = 0; part < parts.size(); part++) {
            results.add(shares.get(part % shares.size()).join().get(part / shares.size()));
        }
        return results;
    }

    private <P> List<P> share(List<P> parts, int device) {
        List<P> share = new ArrayList<>();
        for (int part = device; part < parts.size(); part += 1 + others.size()) {
            share.add(parts.get(part));
        }
        return share;
    }

    private static <P, R> List<R> workOff(
            List<P> share, ObjectiveInputs inputs, Work<P, R> work, AtomicBoolean failed) {
        List<R> results = new ArrayList<>();
        for (P part : share) {
            if (failed.get()) {
                break;
            }
            try {
                results.add(work.of(inputs, part));
            } catch (RuntimeException | Error e) {
                failed.set(true);
                throw e;
            }
        }
        return results;
    }

    private static void requireDone(CompletableFuture<?> share) {
        if (share.isCompletedExceptionally()) {
            switch (share.exceptionNow()) {
                case RuntimeException e -> throw e;
                case Error e -> throw e;
                case Throwable e -> throw new IllegalStateException(e); // work throws no others
            }
        }
    }

    /// Adds the other devices' gradients to those on the first.
    void gatherGradients() {
        others.forEach(other -> first.policy().gatherGradients(other.inputs.policy()));
    }

    /// Sends the policy as it has become to the other devices.
    void scatterPolicy() {
        others.forEach(other -> first.policy().scatter(other.inputs.policy()));
    }

    /// Moves the reference towards the policy, on every device.
    void moveReference(double share) {
        first.reference().moveTowards(first.policy(), share);
        others.forEach(other -> first.reference().scatter(other.inputs.reference()));
    }

    /// Frees the copies.
    @Override
    public void close() {
        others.forEach(Replica::close);
    }
}
