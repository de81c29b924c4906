package io.moiety.arquillian.throughput;

import static org.assertj.core.api.Assertions.assertThat;

import io.moiety.arquillian.orders.Application;
import io.moiety.arquillian.server.Postgres;
import io.moiety.arquillian.server.ServerKind;
import io.moiety.arquillian.server.ServerSetup;
import io.moiety.arquillian.server.TestServer;
import io.moiety.benchmarks.compare.GeneratedPart;
import io.moiety.benchmarks.compare.MachineLimits;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jboss.shrinkwrap.api.ShrinkWrap;
import org.jboss.shrinkwrap.api.exporter.ZipExporter;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Measures the kinds in turn, in one WildFly with one PostgreSQL beside it: {@code ./throughput}.
 */
class ThroughputRun {

  private static final int THREADS = 16;

  /** WildFly logs transactions in a journal, in place of a file for each as it does by default. */
  private static final boolean JOURNAL = Boolean.getBoolean("throughput.journal");

  @TempDir Path directory;
  private final HttpClient http = HttpClient.newHttpClient();

  @Test
  void measuresAllKindsInTurn() throws Exception {
    int runs = Integer.getInteger("throughput.runs", 5);
    int seconds = Integer.getInteger("throughput.seconds", 20);
    int warmUpSeconds = Integer.getInteger("throughput.warmUp", 20);
    String limits = limits(seconds < 10);
    Figures figures = new Figures();
    try (Postgres postgres = Application.database();
        TestServer server = TestServer.start(ServerKind.WILDFLY, setup(postgres))) {
      for (Kind kind : Kind.values()) {
        measure(server, kind, warmUpSeconds);
      }
      for (int run = 1; run <= runs; run++) {
        for (Kind kind : Kind.values()) {
          double perSecond = measure(server, kind, seconds);
          figures.add(kind, perSecond);
          System.out.printf("run %d of %d, %s: %,.0f per s%n", run, runs, kind, perSecond);
        }
      }
    }
    String table = limits + figures.table();
    System.out.println(table);
    String into = System.getProperty("throughput.into", "");
    if (!into.isEmpty()) {
      GeneratedPart.replace(
          Path.of(into), JOURNAL ? "server-throughput-journal" : "server-throughput", table);
    }
  }

  private double measure(TestServer server, Kind kind, int seconds) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(
                server
                    .root()
                    .resolve(
                        "throughput/?kind=%s&threads=%d&seconds=%d"
                            .formatted(kind, THREADS, seconds)))
            .timeout(Duration.ofSeconds(seconds + 60))
            .build();
    HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString());
    assertThat(answer.statusCode()).as(() -> answer.body() + "\n" + server.tail()).isEqualTo(200);
    return Double.parseDouble(answer.body());
  }

  private ServerSetup setup(Postgres postgres) throws Exception {
    Path application = directory.resolve("throughput.war");
    ShrinkWrap.create(WebArchive.class, "throughput.war")
        .addClasses(Calls.class, CallsServlet.class, Kind.class)
        .as(ZipExporter.class)
        .exportTo(application.toFile());
    return new ServerSetup(
        Files.createDirectories(directory.resolve("server")),
        ServerSetup.STANDALONE_FULL,
        JOURNAL ? List.of("throughput", "throughput-journal") : List.of("throughput"),
        List.of(Path.of(System.getProperty("moiety.rar")), application),
        Map.of("postgres.port", Integer.toString(postgres.port())),
        List.of("-Xmx1g"));
  }

  private String limits(boolean quick) throws Exception {
    return MachineLimits.measure(directory, quick).stream()
        .map(limit -> limit.name() + " " + limit.value())
        .collect(Collectors.joining("; ", "Measured ", ".\n\n"));
  }
}
