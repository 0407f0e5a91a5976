package org.clgrad.gpu;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.clgrad.backend.opencl.GpuSource;

/**
 * clang with libclc, which compiles OpenCL C for AMD's chips and to PTX, and ptxas, which makes NVIDIA's machine code of that.
 *
 * @param ptxas null where there is none: nothing is known of NVIDIA's registers then
 */
record Toolchain(Path clang, Path libclc, Optional<Path> ptxas) {
    private static final String PACKAGES = "clang-15 libclc-15 libclc-15-dev";
    private static final String NVIDIA_LIBRARY = "nvptx64--nvidiacl.bc";
    private static final String AMD_LIBRARY = "amdgcn--amdhsa.bc";

    /** A compiler's verdict that is not an answer. */
    static final class Failure extends Exception {
        private static final long serialVersionUID = 1;

        Failure(String message) {
            super(message);
        }
    }

    /** @throws Failure that says what is missing, and how to get it */
    static Toolchain find() throws Failure {
        Path clang = onPath("clang-15")
                .orElseThrow(() -> new Failure("clang-15 is not on the path: apt-get install " + PACKAGES));
        Path libclc = Path.of(System.getProperty("clgrad.libclc", "/usr/lib/clc"));
        for (String library : List.of(NVIDIA_LIBRARY, AMD_LIBRARY)) {
            if (!Files.isReadable(libclc.resolve(library))) {
                throw new Failure(libclc.resolve(library) + " is not there: apt-get install " + PACKAGES
                        + ", or -Dclgrad.libclc=FOLDER");
            }
        }
        return new Toolchain(clang, libclc, onPath("ptxas"));
    }

    /** Versions. */
    String describe() throws IOException, InterruptedException {
        try {
            String version = run(List.of(clang.toString(), "--version"))
                    .lines()
                    .findFirst()
                    .orElse("clang");
            String assembler = ptxas.isEmpty()
                    ? "no ptxas"
                    : run(List.of(ptxas.get().toString(), "--version"))
                            .replaceAll("(?s).*release ([0-9.]+).*", "ptxas $1");
            return version + " with libclc, " + assembler.strip();
        } catch (Failure e) {
            throw new IllegalStateException(e);
        }
    }

    private static Optional<Path> onPath(String program) {
        return Arrays.stream(System.getenv("PATH").split(":"))
                .map(folder -> Path.of(folder, program))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /**
     * Compiles a source for a chip.
     *
     * @throws Failure with the compiler's words
     */
    List<Compiled> compile(GpuSource source, Chip chip, Path folder) throws IOException, InterruptedException, Failure {
        Path in = Files.writeString(folder.resolve("kernel.cl"), source.text());
        Path out = folder.resolve("kernel.s");
        List<String> command = new ArrayList<>(List.of(clang.toString(), "-x", "cl", "-cl-std=CL1.2", "-O3", "-w"));
        command.add("-cl-fp32-correctly-rounded-divide-sqrt");
        command.addAll(List.of("-Xclang", "-finclude-default-header", "-Xclang", "-mlink-builtin-bitcode", "-Xclang"));
        command.add(libclc.resolve(chip.nvidia() ? NVIDIA_LIBRARY : AMD_LIBRARY).toString());
        command.addAll(
                chip.nvidia()
                        ? List.of("-target", "nvptx64-unknown-nvidiacl", "-Xclang", "-target-cpu", "-Xclang", "sm_70")
                        : List.of("-target", "amdgcn-amd-amdhsa", "-mcpu=" + chip.target(), "-nogpulib"));
        if (!source.options().isEmpty()) {
            command.addAll(List.of(source.options().replace("-D ", "-D").split(" ")));
        }
        command.addAll(List.of("-S", in.toString(), "-o", out.toString()));
        run(command);
        String assembly = Files.readString(out);
        if (!chip.nvidia()) {
            return Compiled.amd(assembly);
        }
        String log = ptxas.isEmpty()
                ? ""
                : run(List.of(
                        ptxas.get().toString(), "-arch=" + chip.target(), "-v", out.toString(), "-o", "/dev/null"));
        return Compiled.nvidia(chip, assembly, log, source.group());
    }

    private static String run(List<String> command) throws IOException, InterruptedException, Failure {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes());
        if (process.waitFor() != 0) {
            throw new Failure(String.join(" ", command) + "\n"
                    + said.lines().limit(20).reduce("", (text, line) -> text + line + "\n"));
        }
        return said;
    }
}
