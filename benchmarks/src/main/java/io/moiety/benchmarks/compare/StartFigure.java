package io.moiety.benchmarks.compare;

import java.time.Duration;
import java.util.List;

/** From the start of a broker's process over an empty store to its first stored message. */
record StartFigure() implements Figure {

  private static final Row ROW =
      new Row("cold start to the first send accepted", "s", new Goal.AtMost(0.8));

  @Override
  public String name() {
    return "start";
  }

  @Override
  public void run(Settings settings, Results results) throws InterruptedException {
    for (BrokerKind kind : settings.storing()) {
      Attempt.of(
          settings,
          results,
          kind.peer(),
          List.of(ROW),
          store -> {
            try (RunningBroker broker = kind.start(store, FlushMode.SYNC_FLUSH, List.of())) {
              results.add(ROW, kind.peer(), FirstSend.secondsUntil(broker, Duration.ofMinutes(2)));
            }
          });
    }
  }
}
