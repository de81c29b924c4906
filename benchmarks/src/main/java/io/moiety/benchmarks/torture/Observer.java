package io.moiety.benchmarks.torture;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.moiety.client.ClientException;
import io.moiety.client.Delivery;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** Consumes one queue for the whole run and notes what it sees. On a thread of its own. */
final class Observer implements Runnable {
  private static final int MOST_MESSAGES = 200;
  private static final long WAIT_MILLIS = 500;
  private static final long PAUSE_MILLIS = 50;

  private final String address;
  private final String queue;
  private final Sightings sightings;
  private final BooleanSupplier ended;

  Observer(String address, String queue, Sightings sightings, BooleanSupplier ended) {
    this.address = address;
    this.queue = queue;
    this.sightings = sightings;
    this.ended = ended;
  }

  @Override
  public void run() {
    try {
      while (!ended.getAsBoolean()) {
        try (Link link = Link.connect(address, "torture-observer-" + queue, queue)) {
          observe(link);
        } catch (ClientException lost) {
          TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
        }
      }
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }

  private void observe(Link link) throws InterruptedException {
    while (!ended.getAsBoolean()) {
      List<Delivery> deliveries = link.receive(MOST_MESSAGES, WAIT_MILLIS);
      for (Delivery delivery : deliveries) {
        String body = US_ASCII.decode(delivery.record().body()).toString();
        sightings.saw(
            body.substring(0, body.indexOf('|')),
            new Sightings.Place(queue, delivery.queueId(), delivery.queueOffset()));
      }
      if (!deliveries.isEmpty()) {
        link.acknowledge(deliveries, Optional.empty());
      }
    }
  }
}
