package io.moiety.benchmarks.compare;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** What a broker takes that has nothing to do. */
record IdleFigure() implements Figure {

  private static final long SETTLE_SECONDS = 10;
  private static final Row CPU = new Row("idle: CPU of one core", "%", new Goal.AtMost(0.2));
  private static final Row RSS =
      new Row("idle: resident memory after start", "MB", new Goal.AtMost(120));

  @Override
  public String name() {
    return "idle";
  }

  @Override
  public void run(Settings settings, Results results) throws InterruptedException {
    for (BrokerKind kind : settings.storing()) {
      Attempt.of(
          settings,
          results,
          kind.peer(),
          List.of(CPU, RSS),
          store -> {
            try (RunningBroker broker = kind.start(store, FlushMode.SYNC_FLUSH, List.of())) {
              FirstSend.secondsUntil(broker, Duration.ofMinutes(2));
              TimeUnit.SECONDS.sleep(SETTLE_SECONDS);
              ProcessUsage before = broker.jvm().usage();
              TimeUnit.SECONDS.sleep(settings.idleSeconds());
              broker.jvm().requireAlive();
              ProcessUsage after = broker.jvm().usage();
              double cpuMillis = after.cpuMillis() - before.cpuMillis();
              results.add(CPU, kind.peer(), cpuMillis / 10 / settings.idleSeconds());
              results.add(RSS, kind.peer(), after.residentBytes() / 1e6);
            }
          });
    }
  }
}
