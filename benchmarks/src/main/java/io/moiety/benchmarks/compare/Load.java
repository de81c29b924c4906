package io.moiety.benchmarks.compare;

import io.moiety.benchmarks.load.Announcer;
import io.moiety.benchmarks.process.JavaCommand;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Runs a load generator to its end, and reads the broker's counters at both ends of what counts.
 */
final class Load {

  private static final Duration WARM_UP_LIMIT = Duration.ofMinutes(3);
  private static final Duration AFTER_LIMIT = Duration.ofMinutes(2);
  private static final Duration WHOLE_LIMIT = Duration.ofMinutes(60);

  private final Settings settings;

  Load(Settings settings) {
    this.settings = settings;
  }

  /**
   * What came out.
   *
   * @param numbers as the generator announced them
   * @param counted by how much the counter grew while it was measured
   */
  record Outcome(Map<String, Double> numbers, long counted) {

    double number(String name) throws FigureException {
      Double number = numbers.get(name);
      if (number == null) {
        throw new FigureException("the load generator announced no " + name + ": " + numbers);
      }
      return number;
    }
  }

  /** What is read at both ends of what counts. */
  @FunctionalInterface
  interface Counter {

    /** For a generator that is all there is to be measured. */
    Counter NONE = () -> 0;

    long read() throws FigureException, IOException, InterruptedException;
  }

  /** Load through the official client, which has a class path of its own. */
  Jvm official(String mainClass, RunningBroker broker, Map<String, ?> arguments)
      throws IOException {
    Map<String, Object> all = new HashMap<>(arguments);
    all.put("nameServer", broker.nameServerAddress());
    return Jvm.start(
        new JavaCommand(
            "official-client",
            List.of(
                "-Xmx1g",
                "-Duser.home=" + settings.workDirectory(),
                "-Drocketmq.client.logRoot=" + settings.workDirectory()),
            settings.officialLoad(),
            "io.moiety.benchmarks.load." + mainClass,
            texts(all),
            Map.of()),
        settings.workDirectory());
  }

  /** Load through Moiety's client. */
  Jvm moiety(String mainClass, RunningBroker broker, Map<String, ?> arguments) throws IOException {
    Map<String, Object> all = new HashMap<>(arguments);
    all.put("address", broker.nameServerAddress());
    return own(mainClass, all);
  }

  /** Work of Moiety's own classes. */
  Jvm own(String mainClass, Map<String, ?> arguments) throws IOException {
    return Jvm.start(
        new JavaCommand(
            "moiety-child",
            List.of("-Xmx1g"),
            settings.classPath(),
            "io.moiety.benchmarks.child." + mainClass,
            texts(arguments),
            Map.of()),
        settings.workDirectory());
  }

  /** Load through Jakarta Messaging, by the provider that the arguments name. */
  Jvm jms(String mainClass, RunningBroker broker, Peer peer, Map<String, ?> arguments)
      throws IOException {
    Map<String, Object> all = new HashMap<>(arguments);
    all.put("address", broker.nameServerAddress());
    return Jvm.start(
        new JavaCommand(
            "jms-client-of-" + peer.productName(),
            List.of("-Xmx1g"),
            peer == Peer.MOIETY ? settings.classPath() : settings.officialLoad(),
            "io.moiety.benchmarks.jms." + mainClass,
            texts(all)),
        settings.workDirectory());
  }

  /** Waits for a load generator that announces both sides of what counts. */
  Outcome measured(Jvm generator, int seconds, Counter counter)
      throws FigureException, IOException, InterruptedException {
    generator.awaitLine(Announcer.MEASURING, WARM_UP_LIMIT);
    long before = counter.read();
    generator.awaitLine(Announcer.MEASURED, Duration.ofSeconds(seconds).plus(AFTER_LIMIT));
    long after = counter.read();
    return new Outcome(result(generator, AFTER_LIMIT), after - before);
  }

  /** Waits for a generator that only announces its end. */
  Map<String, Double> finished(Jvm generator) throws FigureException, InterruptedException {
    return result(generator, WHOLE_LIMIT);
  }

  private static Map<String, Double> result(Jvm generator, Duration limit)
      throws FigureException, InterruptedException {
    String line = generator.awaitLine(Announcer.RESULT, limit);
    Map<String, Double> numbers = new HashMap<>();
    for (String pair : line.substring(Announcer.RESULT.length()).strip().split(" ", -1)) {
      String[] parts = pair.split("=", 2);
      numbers.put(parts[0], Double.valueOf(parts[1]));
    }
    return numbers;
  }

  private static List<String> texts(Map<String, ?> arguments) {
    List<String> texts = new ArrayList<>();
    arguments.forEach((name, value) -> texts.add(name + "=" + value));
    return texts;
  }
}
