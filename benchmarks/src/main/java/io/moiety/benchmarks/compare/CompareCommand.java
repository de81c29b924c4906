package io.moiety.benchmarks.compare;

import io.moiety.benchmarks.process.BuiltFiles;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code compare}: Moiety and Apache RocketMQ on this machine, in one run. */
@Command(
    name = "compare",
    description = "Measures Moiety's and Apache RocketMQ's brokers in turn and writes a table.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
public final class CompareCommand implements Callable<Integer> {

  private static final MarkdownTable TABLE =
      new MarkdownTable(Peer.ROCKETMQ, List.of(Peer.ROCKETMQ, Peer.MOIETY, Peer.NULL_BROKER));

  @Option(
      names = "--only",
      split = ",",
      paramLabel = "FIGURE",
      description =
          "Only these figures. There are: append, device-bytes-sync, device-bytes-async,"
              + " send-async, send-sync, client-1, client-16, client-64, end-to-end, wake,"
              + " delay-level, delay-exact, delay-burst, transactions-async, transactions-sync,"
              + " restart, start, idle, heap, heap-delays, heap-halves.")
  private List<String> only = new ArrayList<>();

  @Option(
      names = "--peers",
      split = ",",
      paramLabel = "PEER",
      description = "Only these of: ROCKETMQ, MOIETY, NULL_BROKER.")
  private List<Peer> peers = TABLE.columns();

  @Option(names = "--runs", description = "Of each figure; ${DEFAULT-VALUE}.")
  private int runs = 3;

  @Option(names = "--seconds", description = "Of each measured time; ${DEFAULT-VALUE}.")
  private int seconds = 20;

  @Option(names = "--warm-up", description = "Seconds before it; ${DEFAULT-VALUE}.")
  private int warmUpSeconds = 10;

  @Option(names = "--idle-seconds", description = "${DEFAULT-VALUE}.")
  private int idleSeconds = 60;

  @Option(names = "--append-mib", description = "${DEFAULT-VALUE}.")
  private int appendMebibytes = 8 * 1024;

  @Option(names = "--restart-mib", description = "${DEFAULT-VALUE}.")
  private int restartMebibytes = 5 * 1024;

  @Option(names = "--heap-messages", description = "${DEFAULT-VALUE}.")
  private int heapMessages = 10_000_000;

  @Option(
      names = "--work",
      paramLabel = "DIR",
      description = "Takes stores, on the disk that is to be measured; java.io.tmpdir without it.")
  private @Nullable Path work;

  @Option(
      names = "--moiety",
      paramLabel = "JAR",
      description = "Moiety's broker; broker/target/moiety.jar of this build without it.")
  private @Nullable Path moietyJar;

  @Option(names = "--moiety-options", split = " ", description = "Of its JVM; ${DEFAULT-VALUE}.")
  private List<String> moietyOptions = List.of("-Xmx1g");

  @Option(
      names = "--rocketmq-options",
      split = " ",
      description = "Of its broker's JVM; ${DEFAULT-VALUE}.")
  private List<String> rocketMqOptions =
      List.of(
          "-Xms4g",
          "-Xmx4g",
          "-XX:+UseG1GC",
          "-XX:G1HeapRegionSize=16m",
          "-XX:G1ReservePercent=25",
          "-XX:InitiatingHeapOccupancyPercent=30");

  @Option(
      names = "--into",
      paramLabel = "FILE",
      description =
          "Replaces in this document, such as docs/benchmarks.md, the part of each figure measured.")
  private @Nullable Path into;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws IOException, InterruptedException {
    PrintWriter out = spec.commandLine().getOut();
    Path directory = workDirectory();
    out.println("outputs and stores: " + directory);
    tell("machine", MarkdownTable.ofMachine(MachineLimits.machine(directory)));
    List<MachineLimits.Limit> limits = MachineLimits.measure(directory, seconds < 10);
    Settings settings = settings(directory);
    boolean failed = false;
    for (Figure figure : figures()) {
      Results results = new Comparison(settings, List.of(figure), out).run();
      tell(figure.name(), TABLE.of(limits, results));
      failed |= results.anyFailed();
    }
    return failed ? 1 : 0;
  }

  /** Prints, and puts into the document, what is there to be kept even if the rest fails. */
  private void tell(String name, String table) throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    out.println();
    out.println(table);
    out.flush();
    if (into != null) {
      GeneratedPart.replace(into, name, table);
    }
  }

  private Path workDirectory() throws IOException {
    Path parent = work == null ? Path.of(System.getProperty("java.io.tmpdir")) : work;
    Files.createDirectories(parent);
    return Files.createTempDirectory(parent, "moiety-compare-").toAbsolutePath();
  }

  private List<Figure> figures() {
    List<Figure> all = Comparison.allFigures();
    for (String name : only) {
      if (all.stream().noneMatch(figure -> figure.name().equals(name))) {
        throw new ParameterException(spec.commandLine(), "there is no figure " + name);
      }
    }
    return all.stream().filter(figure -> only.isEmpty() || only.contains(figure.name())).toList();
  }

  private Settings settings(Path directory) throws IOException {
    BuiltFiles files = BuiltFiles.ofThisBuild();
    List<BrokerKind> brokers = new ArrayList<>();
    for (Peer peer : peers) {
      brokers.add(
          switch (peer) {
            case MOIETY ->
                new MoietyBroker(
                    directory,
                    require(moietyJar == null ? files.moietyJar() : moietyJar).toString(),
                    moietyOptions);
            case ROCKETMQ ->
                new RocketMqBroker(
                    directory, require(files.rocketMq()).resolve("*").toString(), rocketMqOptions);
            case ARTEMIS ->
                throw new ParameterException(
                    spec.commandLine(), "Artemis is compared by the command compare-jms");
            case NULL_BROKER -> new NullBrokerKind(directory, files.benchmarksJar().toString());
          });
    }
    return new Settings(
        directory,
        files.benchmarksJar().toString(),
        files.loadWith(files.rocketMq()),
        brokers,
        runs,
        warmUpSeconds,
        seconds,
        idleSeconds,
        appendMebibytes,
        restartMebibytes,
        heapMessages);
  }

  private Path require(Path file) {
    if (!Files.exists(file)) {
      throw new ParameterException(
          spec.commandLine(),
          file + " is not there; build it: mvn -Pcompare -pl benchmarks -am -DskipTests package");
    }
    return file;
  }
}
