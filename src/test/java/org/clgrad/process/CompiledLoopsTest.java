package org.clgrad.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the JVM's two compilers make of the loops on the Vector API, by their own log. */
class CompiledLoopsTest {
    /** Of a product of matrices: the task's attributes, the method, and what was done. */
    private static final Pattern TASK = Pattern.compile(
            "<task ([^>]*?method='(org\\.clgrad\\.backend\\.cpu\\.Vector(?:Panel|Tile\\d) \\S*)[^>]*>)(.*?)</task>",
            Pattern.DOTALL);

    private static final Predicate<String> BY_C2 = attributes -> !attributes.contains(" level='");
    private static final Predicate<String> WHILE_RUNNING = attributes -> attributes.contains(" compile_kind='osr'");

    @TempDir
    Path folder;

    /**
     * C2 holds vectors in registers as long as it trusts what was seen of their types. Where it has been wrong too often for one method, it
     * notes that it observes too many traps, and where it has seen two classes of vectors it cares for both: either way vectors become
     * objects.
     */
    @Test
    void vectorsLiveInRegisters() throws Exception {
        assertEquals(List.of(), tasksWith("<observe trap='class_check' count='0'|reason='bimorphic", BY_C2, 700, 128));
    }

    /** A loop that is running when C1 comes to it needs a version of its own; one that is too long gets none and stays slow for good. */
    @Test
    void loopsThatAreRunningCanBeCompiled() throws Exception {
        String never = "100000000";
        List<String> failed = tasksWith(
                "<failure reason='out of ",
                WHILE_RUNNING,
                1,
                24,
                "-XX:TieredStopAtLevel=3",
                "-XX:Tier3BackEdgeThreshold=2000",
                "-XX:Tier3InvocationThreshold=" + never,
                "-XX:Tier3MinInvocationThreshold=" + never,
                "-XX:Tier3CompileThreshold=" + never);
        assertEquals(List.of(), failed);
    }

    /**
     * The methods in whose compilation the log has some text, in a program of some training steps.
     *
     * @param text a regular expression
     * @param kind of compilation, some of which there must be
     */
    private List<String> tasksWith(String text, Predicate<String> kind, int steps, int rows, String... options)
            throws Exception {
        Path log = folder.resolve("log.xml");
        List<String> all = new ArrayList<>(List.of(options));
        all.addAll(List.of("-XX:+UnlockDiagnosticVMOptions", "-XX:+LogCompilation", "-XX:LogFile=" + log));
        ChildJvm.Result result =
                ChildJvm.run(Map.of(), all, Products.class, String.valueOf(steps), String.valueOf(rows));
        assertEquals(0, result.exitCode(), result.output());
        Assumptions.assumeTrue(result.output().contains("Vector API"), "no Vector API here");

        List<MatchResult> tasks = TASK.matcher(Files.readString(log, StandardCharsets.ISO_8859_1))
                .results()
                .filter(task -> kind.test(task.group(1)))
                .toList();
        assertFalse(tasks.isEmpty(), "no matrix product was compiled");
        Predicate<String> has = Pattern.compile(text).asPredicate();
        return tasks.stream()
                .filter(task -> has.test(task.group(3)))
                .map(task -> task.group(2))
                .toList();
    }
}
