package dev.slimelab.app;

import static net.bytebuddy.matcher.ElementMatchers.is;
import static net.bytebuddy.matcher.ElementMatchers.isPublic;
import static net.bytebuddy.matcher.ElementMatchers.nameStartsWith;
import static net.bytebuddy.matcher.ElementMatchers.named;
import static net.bytebuddy.matcher.ElementMatchers.none;

import static org.assertj.core.api.Assertions.assertThat;

import net.bytebuddy.agent.ByteBuddyAgent;
import net.bytebuddy.agent.builder.AgentBuilder;
import net.bytebuddy.agent.builder.AgentBuilder.RedefinitionStrategy;
import net.bytebuddy.asm.Advice;
import net.bytebuddy.description.method.MethodDescription;
import net.bytebuddy.description.type.TypeDescription;
import net.bytebuddy.matcher.ElementMatcher;

import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.ObjectWriter;

import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;

/// Sees to it that our code does no disk, process, JSON or YAML work on the window's thread: every
/// call of these libraries by a class of ours is noted, in the whole virtual machine.
///
/// Trees of JSON in memory, as the composer edits them, are no such work; reading and writing their
/// text is.
final class WindowThread {
    private static final Set<String> SEEN = new ConcurrentSkipListSet<>();
    private static boolean watching;

    private WindowThread() {}

    /// From now on, until the tests end.
    static synchronized void watch() {
        SEEN.clear();
        if (watching) {
            return;
        }
        watching = true;
        Runnable note = WindowThread::note;
        System.getProperties().put("slimelab.watcher", note);
        AgentBuilder agent =
                new AgentBuilder.Default()
                        .ignore(none())
                        .disableClassFormatChanges()
                        .with(RedefinitionStrategy.RETRANSFORMATION);
        agent = entering(agent, is(Files.class), isPublic());
        agent = entering(agent, is(FileChannel.class), named("open"));
        agent = entering(agent, is(ProcessBuilder.class), named("start"));
        agent =
                entering(
                        agent,
                        is(ObjectMapper.class),
                        nameStartsWith("read").or(nameStartsWith("write")));
        agent = entering(agent, is(ObjectReader.class), nameStartsWith("read"));
        agent = entering(agent, is(ObjectWriter.class), nameStartsWith("writeValue"));
        // The workbench cannot name these classes: only the engine compiles against them.
        agent =
                entering(
                        agent,
                        nameStartsWith("org.snakeyaml.engine.v2.api."),
                        nameStartsWith("compose")
                                .or(nameStartsWith("load"))
                                .or(nameStartsWith("dump")));
        agent.installOn(ByteBuddyAgent.install());
    }

    private static AgentBuilder entering(
            AgentBuilder agent,
            ElementMatcher<? super TypeDescription> types,
            ElementMatcher.Junction<? super MethodDescription> methods) {
        return agent.type(types)
                .transform(
                        (builder, _, _, _, _) ->
                                builder.visit(
                                        Advice.to(OnEntry.class).on(isPublic().and(methods))));
    }

    /// What was done on the window's thread since [#watch] that belongs elsewhere.
    static Set<String> seen() {
        return Set.copyOf(SEEN);
    }

    static void expectNothing() {
        assertThat(seen()).as("disk, process, JSON and YAML work on the window's thread").isEmpty();
    }

    /// Who called: nobody of interest unless the library was entered from a class of ours.
    private static void note() {
        StackWalker.getInstance()
                .walk(
                        frames ->
                                frames.dropWhile(WindowThread::isOurs)
                                        .takeWhile(frame -> !isTree(frame))
                                        .dropWhile(WindowThread::isLibrary)
                                        .findFirst())
                .filter(frame -> frame.getClassName().startsWith("dev.slimelab."))
                .ifPresent(frame -> SEEN.add(frame.getClassName() + "." + frame.getMethodName()));
    }

    private static boolean isOurs(StackWalker.StackFrame frame) {
        String name = frame.getClassName();
        return name.equals(WindowThread.class.getName())
                || name.startsWith(WindowThread.class.getName() + "$");
    }

    /// A tree becomes a value, or a value a tree.
    private static boolean isTree(StackWalker.StackFrame frame) {
        return frame.getMethodName().equals("valueToTree")
                || frame.getMethodName().equals("treeToValue")
                || frame.getMethodName().equals("initial");
    }

    private static boolean isLibrary(StackWalker.StackFrame frame) {
        String name = frame.getClassName();
        return name.startsWith("java.nio.")
                || name.startsWith("java.lang.ProcessBuilder")
                || name.startsWith("tools.jackson.")
                || name.startsWith("org.snakeyaml.");
    }

    /// Copied into the watched methods, some of them of the JDK: it may know nothing of ours.
    static final class OnEntry {
        private OnEntry() {}

        @Advice.OnMethodEnter
        static void enter() {
            if (Thread.currentThread().getName().equals("JavaFX Application Thread")
                    && System.getProperties().get("slimelab.watcher") instanceof Runnable watcher) {
                watcher.run();
            }
        }
    }
}
