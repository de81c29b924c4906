package io.moiety.benchmarks.torture;

import io.moiety.benchmarks.torture.History.Event;
import io.moiety.client.ClientException;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;

/** One transaction after the other, at random, until the run ends. On a thread of its own. */
final class Worker implements Runnable {
  private static final int MAX_PAUSE_MILLIS = 40;

  private final Application application;
  private final Random random;
  private final AtomicInteger numbers;
  private final BooleanSupplier ended;
  private final Administrator administrator;
  private final HalfTrials halves;
  private final BranchTrials branches;

  /**
   * A worker.
   *
   * @param numbers of the transactions of its process
   */
  Worker(Application application, Random random, AtomicInteger numbers, BooleanSupplier ended) {
    this.application = application;
    this.random = random;
    this.numbers = numbers;
    this.ended = ended;
    this.administrator = new Administrator(application, random);
    this.halves = new HalfTrials(application, administrator, random);
    this.branches = new BranchTrials(application, administrator, random);
  }

  @Override
  public void run() {
    try (application) {
      while (!ended.getAsBoolean()) {
        if (administrator.isDue()) {
          administer();
        } else {
          one(numbers.incrementAndGet());
        }
        TimeUnit.MILLISECONDS.sleep(random.nextInt(MAX_PAUSE_MILLIS));
      }
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }

  private void administer() throws InterruptedException {
    try {
      administrator.run();
    } catch (ClientException lost) {
      application.reconnect(); // Whoever is asked, or the end of the run, carries it out.
    }
  }

  private void one(int number) throws InterruptedException {
    try {
      switch (random.nextInt(8)) {
        case 0 -> input(number);
        case 1, 2, 3 -> halves.run(number);
        default -> branches.run(number);
      }
    } catch (ClientException lost) {
      application.reconnect(); // What became of the transaction, the audit finds out.
    }
  }

  private void input(int number) throws InterruptedException {
    application.tell(number, Event.INPUT, "");
    Link.await(application.link().client().send(application.message(Names.INPUTS, number, 1)));
    application.tell(number, Event.STORED, "");
  }
}
