package io.moiety.benchmarks.compare;

import io.moiety.benchmarks.process.BuiltFiles;
import io.moiety.benchmarks.process.DurationConverter;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code compare-jms}: Moiety and Artemis through Jakarta Messaging, in one run. */
@Command(
    name = "compare-jms",
    description =
        "Measures Moiety and Apache ActiveMQ Artemis in turn, by load that is written once against"
            + " Jakarta Messaging, and writes a table.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
public final class CompareJmsCommand implements Callable<Integer> {

  /** The part of the document that it writes. */
  private static final String PART = "jms";

  private static final MarkdownTable TABLE =
      new MarkdownTable(Peer.ARTEMIS, List.of(Peer.ARTEMIS, Peer.MOIETY));

  @Parameters(
      arity = "0..1",
      paramLabel = "DURATION",
      description = "Of all together, about; such as 45m or 90s; ${DEFAULT-VALUE}.",
      defaultValue = "30m",
      converter = DurationConverter.class)
  private Duration duration = Duration.ZERO;

  @Option(
      names = "--only",
      split = ",",
      paramLabel = "FIGURE",
      description =
          "Only these figures, each with -sync or -async behind it: jms-send-1, jms-send-16,"
              + " jms-send-64, jms-commit-1, jms-commit-16, jms-drain, jms-drain-confirmed,"
              + " jms-drain-lazy, jms-receive, jms-latency,"
              + " jms-delay, jms-xa-1, jms-xa-16, jms-request.")
  private List<String> only = new ArrayList<>();

  @Option(names = "--runs", description = "Of each figure; ${DEFAULT-VALUE}.")
  private int runs = 3;

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
      names = "--artemis-options",
      split = " ",
      description = "Of its broker's JVM; ${DEFAULT-VALUE}.")
  private List<String> artemisOptions =
      List.of("-Xms2g", "-Xmx4g", "-XX:+UseG1GC", "-XX:+UseStringDeduplication");

  @Option(
      names = "--into",
      paramLabel = "FILE",
      description = "Replaces in this document, such as docs/benchmarks.md, the table.")
  private @Nullable Path into;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws IOException, InterruptedException {
    PrintWriter out = spec.commandLine().getOut();
    Path parent = work == null ? Path.of(System.getProperty("java.io.tmpdir")) : work;
    Files.createDirectories(parent);
    Path directory = Files.createTempDirectory(parent, "moiety-compare-jms-").toAbsolutePath();
    out.println("outputs and stores: " + directory);
    List<Figure> figures = figures();
    JmsTimes times = JmsTimes.of(duration, figures.size() * runs * TABLE.columns().size());
    List<MachineLimits.Limit> limits = MachineLimits.measure(directory, times.seconds() < 10);
    Results results = new Comparison(settings(directory, times), figures, out).run();
    String table = TABLE.of(limits, results);
    out.println();
    out.println(table);
    out.flush();
    if (into != null) {
      GeneratedPart.replace(into, PART, table);
    }
    return results.anyFailed() ? 1 : 0;
  }

  private List<Figure> figures() {
    List<Figure> all = JmsFigure.all();
    for (String name : only) {
      if (all.stream().noneMatch(figure -> figure.name().equals(name))) {
        throw new ParameterException(spec.commandLine(), "there is no figure " + name);
      }
    }
    return all.stream().filter(figure -> only.isEmpty() || only.contains(figure.name())).toList();
  }

  private Settings settings(Path directory, JmsTimes times) throws IOException {
    BuiltFiles files = BuiltFiles.ofThisBuild();
    Path moiety = require(moietyJar == null ? files.moietyJar() : moietyJar);
    String artemis = require(files.artemis()).resolve("*").toString();
    return new Settings(
        directory,
        files.benchmarksJar().toString(),
        files.loadWith(files.artemis()),
        List.of(
            new ArtemisBroker(directory, artemis, artemisOptions),
            new MoietyBroker(directory, moiety.toString(), moietyOptions)),
        runs,
        times.warmUpSeconds(),
        times.seconds(),
        0,
        0,
        0,
        0);
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
