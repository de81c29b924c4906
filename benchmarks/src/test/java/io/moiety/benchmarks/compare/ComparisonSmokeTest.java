package io.moiety.benchmarks.compare;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The macro benchmarks run: Moiety alone, for seconds. Their figures mean nothing here. */
class ComparisonSmokeTest {

  private static final String CLASS_PATH =
      System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));

  @TempDir Path work;

  private Settings settings;

  @BeforeEach
  void settings() {
    settings = settings(CLASS_PATH);
  }

  private Settings settings(String brokerClassPath) {
    return new Settings(
        work,
        CLASS_PATH,
        CLASS_PATH,
        List.of(new MoietyBroker(work, brokerClassPath, List.of("-Xmx256m"))),
        1,
        0,
        1,
        1,
        64,
        8,
        1_000);
  }

  private Results results(Settings used, Figure... figures) throws InterruptedException {
    return new Comparison(used, List.of(figures), new PrintWriter(new StringWriter())).run();
  }

  private static void assertMeasured(Results results) {
    assertThat(results.rows()).isNotEmpty();
    assertThat(results.rows())
        .allSatisfy(
            row -> {
              Results.Cell cell = results.of(row, Peer.MOIETY);
              assertThat(cell.text()).doesNotContain("failed");
              assertThat(cell.median()).isPresent();
            });
  }

  @Test
  void measuresSendsOfMoietysClient() throws Exception {
    Results results = results(settings, new ClientFigure(2));

    assertMeasured(results);
    assertThat(results.of(results.rows().get(0), Peer.MOIETY).median().getAsDouble()).isPositive();
  }

  @Test
  void measuresAppendsInProcess() throws Exception {
    assertMeasured(results(settings, new AppendFigure()));
  }

  @Test
  void measuresAColdStart() throws Exception {
    assertMeasured(results(settings, new StartFigure()));
  }

  /** The official client is not on this class path. */
  @Test
  void measuresTransactionsOfMoietysClient() throws Exception {
    Results results = results(settings, new TransactionFigure(FlushMode.SYNC_FLUSH, 0));

    Row own =
        results.rows().stream().filter(row -> row.label().contains("own client")).findFirst().get();
    assertThat(results.of(own, Peer.MOIETY).text()).doesNotContain("failed");
    assertThat(results.of(own, Peer.MOIETY).median().getAsDouble()).isPositive();
  }

  @Test
  void measuresMessagesThroughJakartaMessaging() throws Exception {
    assertMeasured(
        results(
            settings,
            JmsFigure.sends(FlushMode.ASYNC_FLUSH, 2),
            JmsFigure.commits(FlushMode.SYNC_FLUSH, 2),
            JmsFigure.endToEnd(FlushMode.SYNC_FLUSH),
            JmsFigure.requests(FlushMode.ASYNC_FLUSH)));
  }

  @Test
  void measuresReceivesThroughJakartaMessaging() throws Exception {
    assertMeasured(
        results(
            settings,
            JmsFigure.drain(FlushMode.ASYNC_FLUSH),
            JmsFigure.transactedReceives(FlushMode.ASYNC_FLUSH)));
  }

  @Test
  void measuresTransactionsOfATransactionManager() throws Exception {
    assertMeasured(results(settings, JmsFigure.xa(FlushMode.SYNC_FLUSH, 2)));
  }

  @Test
  void aBrokerThatDoesNotStartIsAFailureOfItsRow() throws Exception {
    Results results = results(settings(work.toString()), new StartFigure());

    assertThat(results.anyFailed()).isTrue();
    assertThat(results.of(results.rows().get(0), Peer.MOIETY).text())
        .startsWith("**failed** 1×: the moiety-broker ended with code 1");
  }
}
