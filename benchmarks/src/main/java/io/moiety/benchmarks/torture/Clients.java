package io.moiety.benchmarks.torture;

import io.moiety.benchmarks.process.JavaCommand;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** The client processes of a run: so many at a time, a new one for each that was killed. */
final class Clients implements AutoCloseable {
  private final RunDirectory run;
  private final Settings settings;
  private final int port;
  private final Random random;
  private final List<Running> running = new ArrayList<>();
  private final List<String> findings = new ArrayList<>();
  private int started;

  private record Running(int client, int place, Child child) {}

  private Clients(RunDirectory run, Settings settings, int port, Random random) {
    this.run = run;
    this.settings = settings;
    this.port = port;
    this.random = random;
  }

  static Clients start(RunDirectory run, Settings settings, int port, Random random)
      throws IOException {
    Clients clients = new Clients(run, settings, port, random);
    for (int place = 0; place < settings.processes(); place++) {
      clients.running.add(clients.next(place));
    }
    return clients;
  }

  private Running next(int place) throws IOException {
    int client = started++;
    Child child =
        Child.start(
            new JavaCommand(
                "client " + client,
                Child.OPTIONS,
                settings.clientClassPath(),
                TortureClient.class.getName(),
                List.of(
                    "run=" + run.path(),
                    "port=" + port,
                    "client=" + client,
                    "seed=" + random.nextLong(),
                    "threads=" + settings.threadsOf(place))),
            run.clientLog(client));
    return new Running(client, place, child);
  }

  /** How many there were, which are their numbers from 0 on. */
  int count() {
    return started;
  }

  /** SIGKILL to one of them; another takes its place. */
  void killOne() throws IOException, InterruptedException {
    int index = random.nextInt(running.size());
    Running victim = running.get(index);
    requireAlive(victim);
    victim.child().kill();
    Files.createFile(run.deadMark(victim.client()));
    running.set(index, next(victim.place()));
  }

  /** Lets them end their transactions, and has others decide for them from then on. */
  void end() throws IOException, InterruptedException {
    for (Running client : running) {
      client.child().askToEnd();
    }
    for (Running client : running) {
      if (!client.child().awaitEnd()) {
        findings.add(failure(client));
      }
      client.child().kill();
      Files.createFile(run.deadMark(client.client()));
    }
  }

  private void requireAlive(Running client) {
    if (!client.child().isAlive()) {
      findings.add(failure(client));
    }
  }

  private String failure(Running client) {
    return "client %d did not go on or end by itself: %s"
        .formatted(client.client(), run.clientLog(client.client()));
  }

  List<String> findings() {
    return findings;
  }

  @Override
  public void close() throws InterruptedException {
    for (Running client : running) {
      client.child().close();
    }
  }
}
