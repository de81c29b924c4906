package io.moiety.client;

import io.moiety.protocol.Command;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Does what {@link KeepAlive} says is due, as long as the connection lives. Confined to its event
 * loop.
 */
final class KeepAliveTask {

  private final Connection connection;
  private final Command hello;
  private final Duration sessionTimeout;
  private final Runnable renewal;
  private final KeepAlive keepAlive;

  private KeepAliveTask(
      Connection connection, Command hello, Duration sessionTimeout, Runnable renewal) {
    this.connection = connection;
    this.hello = hello;
    this.sessionTimeout = sessionTimeout;
    this.renewal = renewal;
    keepAlive = new KeepAlive(sessionTimeout, System.nanoTime());
  }

  /**
   * @param renewal runs each time the broker is told that this client lives
   */
  static void start(
      Connection connection, Command hello, Duration sessionTimeout, Runnable renewal) {
    KeepAliveTask task = new KeepAliveTask(connection, hello, sessionTimeout, renewal);
    connection.onFrame(() -> task.keepAlive.heard(System.nanoTime()));
    task.scheduleNext();
  }

  private void run() {
    if (!connection.isOpen()) {
      return;
    }
    switch (keepAlive.at(System.nanoTime())) {
      case NOTHING -> scheduleNext();
      case ASK -> {
        ask();
        renewal.run();
        scheduleNext();
      }
      case LOST ->
          connection.endNow(
              new ConnectionLostException(
                  "Nothing was heard from the broker at "
                      + connection.address()
                      + " for "
                      + sessionTimeout.toMillis()
                      + " ms",
                  true));
    }
  }

  private void ask() {
    connection
        .request(hello, RequestKind.CONTROL, sessionTimeout, AnswerReader.DONE)
        .whenComplete(
            (done, failure) -> {
              if (failure instanceof BrokerException refusal) {
                connection.endNow(
                    new ConnectionLostException(
                        "The broker at "
                            + connection.address()
                            + " does not keep this client any longer: "
                            + refusal.getMessage(),
                        true,
                        refusal));
              }
            });
  }

  private void scheduleNext() {
    connection
        .channel()
        .eventLoop()
        .schedule(this::run, keepAlive.nanosUntilNextStep(System.nanoTime()), TimeUnit.NANOSECONDS);
  }
}
