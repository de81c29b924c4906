package io.moiety.arquillian.crash;

import static org.assertj.core.api.Assertions.assertThat;

import io.moiety.arquillian.orders.Application;
import io.moiety.arquillian.orders.Mode;
import io.moiety.arquillian.server.FreePorts;
import io.moiety.arquillian.server.Postgres;
import io.moiety.arquillian.server.ServerKind;
import io.moiety.arquillian.server.ServerSetup;
import io.moiety.arquillian.server.TestServer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.awaitility.Awaitility;

/**
 * A server with the orders' application, which can be stopped at a step of a transaction. Used by
 * one thread.
 */
final class Node implements AutoCloseable {
  /** No transaction of these tests lasts as long. */
  private static final int FENCE_AFTER_SECONDS = 10;

  private static final int STEP_TIMEOUT_SECONDS = 120;
  private static final Duration ANSWER_TIMEOUT = Duration.ofMinutes(3);

  /** A request that a server takes while it starts, and forgets, is not all that is tried. */
  private static final int ATTEMPT_TIMEOUT_SECONDS = 20;

  private final TestServer server;
  private final int debuggerPort;

  /**
   * With HTTP/2, which Payara offers, one connection would carry all requests, also over a kill.
   */
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private Debugger debugger;

  private Node(TestServer server, int debuggerPort, Debugger debugger) {
    this.server = server;
    this.debuggerPort = debuggerPort;
    this.debugger = debugger;
  }

  /** With a broker inside. */
  static Node withBroker(Path directory, Mode mode, Postgres database, int brokerPort)
      throws IOException {
    return start(directory, mode, database, "", brokerPort, Application.BROKER_PROPERTIES);
  }

  /** At a broker that runs elsewhere. */
  static Node at(int brokerPort, Path directory, Mode mode, Postgres database) throws IOException {
    return start(directory, mode, database, "127.0.0.1:" + brokerPort, 0, "");
  }

  private static Node start(
      Path directory,
      Mode mode,
      Postgres database,
      String addresses,
      int listenPort,
      String brokerProperties)
      throws IOException {
    int debuggerPort = FreePorts.any();
    TestServer server =
        TestServer.start(
            ServerKind.ofThisRun(),
            new ServerSetup(
                directory,
                ServerSetup.STANDALONE,
                List.of(mode.configuration()),
                Application.archives(directory, mode),
                Map.of(
                    "postgres.port", Integer.toString(database.port()),
                    "moiety.addresses", addresses,
                    "moiety.listenPort", Integer.toString(listenPort),
                    "moiety.brokerProperties", brokerProperties,
                    "moiety.fenceAfterSeconds", Integer.toString(FENCE_AFTER_SECONDS)),
                List.of(Debugger.option(debuggerPort))));
    return new Node(server, debuggerPort, Debugger.attach(debuggerPort));
  }

  /** Places an order; complete with the answer's status. */
  CompletableFuture<Integer> place(String id) {
    return ask("orders/?place=" + id);
  }

  /** Sends a message in a transaction without rows; complete with the answer's status. */
  CompletableFuture<Integer> announce(String id) {
    return ask("orders/?announce=" + id);
  }

  private CompletableFuture<Integer> ask(String query) {
    URI page = server.root().resolve(query);
    return http.sendAsync(
            HttpRequest.newBuilder(page).timeout(Duration.ofSeconds(STEP_TIMEOUT_SECONDS)).build(),
            HttpResponse.BodyHandlers.discarding())
        .thenApply(HttpResponse::statusCode);
  }

  /**
   * Places an order, and does something when it comes to a step. Returns when that is done and the
   * request is answered, or lost.
   */
  void placeAndStrike(String id, Place place, Callable<?> deed) throws Exception {
    CompletableFuture<Void> struck = debugger.at(place, deed);
    CompletableFuture<Integer> answer = place(id);
    struck.get(STEP_TIMEOUT_SECONDS, TimeUnit.SECONDS);
    answer.handle((status, lost) -> status).get(STEP_TIMEOUT_SECONDS, TimeUnit.SECONDS);
  }

  /** Does something when a step is come to that the trigger brings about. */
  void triggerAndStrike(Runnable trigger, Place place, Callable<?> deed) throws Exception {
    CompletableFuture<Void> struck = debugger.at(place, deed);
    trigger.run();
    struck.get(STEP_TIMEOUT_SECONDS, TimeUnit.SECONDS);
  }

  /** Any thread; to be called as a deed. */
  Object kill() throws InterruptedException {
    server.kill();
    return server;
  }

  /** After a kill; returns when the application is there again. */
  void restart() throws Exception {
    server.awaitDeath();
    debugger.close();
    server.restart();
    Awaitility.await("the application answers")
        .atMost(ANSWER_TIMEOUT)
        .pollInterval(Duration.ofMillis(250))
        .untilAsserted(this::assertAnswers);
    debugger = Debugger.attach(debuggerPort);
  }

  private void assertAnswers() throws InterruptedException {
    try {
      assertThat(ask("orders/").get(ATTEMPT_TIMEOUT_SECONDS, TimeUnit.SECONDS))
          .as(this::tail)
          .isEqualTo(200);
    } catch (ExecutionException | TimeoutException notYet) {
      throw new AssertionError(tail(), notYet);
    }
  }

  void recover() throws IOException {
    server.recover();
  }

  String tail() {
    return server.tail();
  }

  @Override
  public void close() {
    debugger.close();
    server.close();
  }
}
