package io.moiety.benchmarks.torture;

import io.moiety.benchmarks.process.BuiltFiles;
import io.moiety.benchmarks.process.DurationConverter;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code torture}: whether transactions stay exact while everything is killed again and again. */
@Command(
    name = "torture",
    description = {
      "Runs random transactions against a broker with SYNC_FLUSH while the broker and the clients"
          + " are killed with SIGKILL, then audits: committed is visible once, rolled back never,"
          + " undecided is still listed.",
      "The exit code is 0 only if nothing was found; otherwise stores and histories are kept."
    },
    mixinStandardHelpOptions = true,
    sortOptions = false)
public final class TortureCommand implements Callable<Integer> {

  @Parameters(
      arity = "0..1",
      paramLabel = "DURATION",
      description = "Such as 30m, 90s or 2h; ${DEFAULT-VALUE}.",
      defaultValue = "5m",
      converter = DurationConverter.class)
  private Duration duration = Duration.ZERO;

  @Option(names = "--seed", description = "Of a run that is to be like an earlier one.")
  private @Nullable Long seed;

  @Option(names = "--threads", description = "Of all clients; ${DEFAULT-VALUE}.")
  private int threads = 16;

  @Option(names = "--processes", description = "That the threads are in; ${DEFAULT-VALUE}.")
  private int processes = 4;

  @Option(
      names = "--kill-millis",
      description = "From one kill to the next, on average; ${DEFAULT-VALUE}.")
  private long killMillis = 8_000;

  @Option(
      names = "--work",
      paramLabel = "DIR",
      description = "Takes store and histories; java.io.tmpdir without it.")
  private @Nullable Path work;

  @Option(
      names = "--moiety",
      paramLabel = "JAR",
      description = "Moiety's broker; broker/target/moiety.jar of this build without it.")
  private @Nullable Path moietyJar;

  @Option(names = "--keep", description = "Keeps them also when nothing was found.")
  private boolean keep;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws IOException, InterruptedException {
    PrintWriter out = spec.commandLine().getOut();
    long used = seed == null ? System.nanoTime() : seed;
    Path parent = work == null ? Path.of(System.getProperty("java.io.tmpdir")) : work;
    RunDirectory run = RunDirectory.create(parent, used);
    out.printf("seed %d, %s, in %s%n", used, duration, run.path());
    out.flush();
    BuiltFiles files = BuiltFiles.ofThisBuild();
    Path broker = moietyJar == null ? files.moietyJar() : moietyJar;
    if (!Files.exists(broker)) {
      throw new ParameterException(
          spec.commandLine(), broker + " is not there; build it: mvn -pl broker -am package");
    }
    Settings settings =
        new Settings(
            used,
            duration,
            processes,
            threads,
            killMillis,
            broker.toString(),
            files.benchmarksJar().toString());
    Runtime.getRuntime().addShutdownHook(new Thread(TortureCommand::killChildren));
    Report report = new Torture(settings, run, out).run();
    report.findings().forEach(out::println);
    out.println(report);
    boolean passed = report.findings().isEmpty();
    if (passed && !keep) {
      run.delete();
    } else {
      out.printf("seed %d; everything is kept in %s%n", used, run.path());
    }
    out.flush();
    return passed ? 0 : 1;
  }

  /** A run that is broken off leaves nobody behind. */
  private static void killChildren() {
    ProcessHandle.current().children().forEach(ProcessHandle::destroyForcibly);
  }
}
