package io.moiety.benchmarks.torture;

import io.moiety.benchmarks.torture.Ending.Settled;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * One run: a broker with {@code SYNC_FLUSH}, client processes with random transactions, random
 * SIGKILLs of either, and the audit. For one thread.
 */
final class Torture {
  private static final long TELL_NANOS = TimeUnit.MINUTES.toNanos(1);

  /** Of so many kills one is a client's. */
  private static final int CLIENT_ONE_OF = 3;

  /** Of so many kills of the broker one is followed by another while it starts. */
  private static final int AGAIN_ONE_OF = 4;

  private static final int START_MILLIS = 1_500;

  private final Settings settings;
  private final RunDirectory run;
  private final PrintWriter out;
  private final Random random;
  private final Sightings sightings = new Sightings();
  private final AtomicBoolean observed = new AtomicBoolean();
  private final List<String> findings = new ArrayList<>();
  private int brokerKills;
  private int clientKills;

  Torture(Settings settings, RunDirectory run, PrintWriter out) {
    this.settings = settings;
    this.run = run;
    this.out = out;
    this.random = new Random(settings.seed());
  }

  Report run() throws IOException, InterruptedException {
    List<Thread> observers = new ArrayList<>();
    try (BrokerChild broker = BrokerChild.start(run, settings.brokerClassPath())) {
      createQueues(broker.address());
      Names.OUTPUTS.forEach(queue -> observers.add(observe(broker.address(), queue)));
      try (Clients clients = Clients.start(run, settings, broker.port(), random)) {
        killAtRandom(broker, clients);
        clients.end();
        findings.addAll(clients.findings());
        List<Trial> trials = HistoryReader.read(run, clients.count());
        Ending ending = new Ending(run, broker, trials, sightings);
        Settled settled = ending.settle();
        findings.addAll(settled.findings());
        findings.addAll(sightings.findings());
        return new Report(
            List.copyOf(findings),
            brokerKills,
            clientKills,
            trials.size(),
            sightings.count(),
            (int) trials.stream().filter(Trial::isAdministered).count(),
            trials.stream().mapToInt(Trial::resumes).sum(),
            settled.open());
      } finally {
        observed.set(true);
        join(observers);
      }
    }
  }

  private void createQueues(String address) throws InterruptedException {
    try (Link link = Link.connect(address, "torture", Names.INPUTS)) {
      for (String queue : Names.OUTPUTS) {
        Link.await(link.client().topics().createQueue(queue, 1, false));
      }
      Link.await(link.client().topics().createQueue(Names.INPUTS, 1, false));
    }
  }

  private Thread observe(String address, String queue) {
    Thread thread =
        new Thread(new Observer(address, queue, sightings, observed::get), "observer-" + queue);
    thread.start();
    return thread;
  }

  private static void join(List<Thread> threads) throws InterruptedException {
    for (Thread thread : threads) {
      thread.interrupt();
      thread.join();
    }
  }

  private void killAtRandom(BrokerChild broker, Clients clients)
      throws IOException, InterruptedException {
    long startNanos = System.nanoTime();
    long toldNanos = startNanos;
    while (System.nanoTime() - startNanos < settings.duration().toNanos()) {
      TimeUnit.MILLISECONDS.sleep(1 + (long) (2 * settings.killMillis() * random.nextDouble()));
      if (random.nextInt(CLIENT_ONE_OF) == 0) {
        clients.killOne();
        clientKills++;
      } else {
        killBroker(broker);
      }
      if (System.nanoTime() - toldNanos > TELL_NANOS) {
        toldNanos = System.nanoTime();
        out.printf(
            "%d min: %d kills of the broker, %d of clients, %d messages seen%n",
            TimeUnit.NANOSECONDS.toMinutes(toldNanos - startNanos),
            brokerKills,
            clientKills,
            sightings.count());
        out.flush();
      }
    }
  }

  private void killBroker(BrokerChild broker) throws IOException, InterruptedException {
    if (!broker.isAlive()) {
      findings.add("the broker ended by itself: " + run.brokerLog());
    }
    do {
      broker.kill();
      brokerKills++;
      broker.startAgain();
      TimeUnit.MILLISECONDS.sleep(random.nextInt(START_MILLIS));
    } while (random.nextInt(AGAIN_ONE_OF) == 0);
  }
}
