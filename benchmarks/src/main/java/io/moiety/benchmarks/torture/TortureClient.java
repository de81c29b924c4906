package io.moiety.benchmarks.torture;

import io.moiety.benchmarks.load.Arguments;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A client process: some workers, and a deputy. It ends when its standard input does, each worker
 * after its transaction; or it is killed.
 */
public final class TortureClient {
  private static final Logger LOG = System.getLogger(TortureClient.class.getName());

  /** Exit code: something happened that no kill explains. */
  private static final int FAILED = 3;

  private TortureClient() {}

  /** With {@code run}, {@code port}, {@code client}, {@code seed}, {@code threads}. */
  public static void main(String[] texts) throws IOException, InterruptedException {
    Arguments arguments = Arguments.parse(texts);
    RunDirectory run = new RunDirectory(Path.of(arguments.text("run")));
    String address = "127.0.0.1:" + arguments.number("port");
    int client = arguments.number("client");
    Random random = new Random(Long.parseLong(arguments.text("seed")));
    AtomicBoolean ended = new AtomicBoolean();
    AtomicInteger numbers = new AtomicInteger();
    try (History history = History.open(run, client);
        Decisions decisions = Decisions.open(run, client)) {
      List<Thread> threads = new ArrayList<>();
      for (int i = 0; i < arguments.number("threads"); i++) {
        Application application =
            Application.connect(
                address,
                "torture-" + client + "-" + i,
                client,
                history,
                decisions,
                new Random(random.nextLong()));
        threads.add(
            start(
                new Worker(application, new Random(random.nextLong()), numbers, ended::get),
                "worker-" + i));
      }
      threads.add(
          start(new Deputy(run, address, "torture-deputy-" + client, ended::get), "deputy"));
      awaitEndOfInput();
      ended.set(true);
      for (Thread thread : threads) {
        thread.join();
      }
    }
  }

  private static Thread start(Runnable work, String name) {
    Thread thread = new Thread(work, name);
    thread.setUncaughtExceptionHandler(
        (failed, failure) -> {
          LOG.log(Level.ERROR, "The thread " + name + " failed", failure);
          Runtime.getRuntime().halt(FAILED);
        });
    thread.start();
    return thread;
  }

  private static void awaitEndOfInput() throws IOException {
    while (System.in.read() >= 0) {
      // Nothing is said; that it ends is the sign, also when the parent died.
    }
  }
}
