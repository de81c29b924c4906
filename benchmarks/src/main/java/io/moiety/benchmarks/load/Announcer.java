package io.moiety.benchmarks.load;

import java.io.PrintStream;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What a child JVM tells the one that started it, by lines on its standard output. The two sides of
 * a measurement are told as they happen, so that the other can read the broker's counters then.
 */
public final class Announcer {

  /** The child is ready to serve. */
  public static final String READY = "CHILD READY";

  /** Warmed up: what counts begins now. */
  public static final String MEASURING = "CHILD MEASURING";

  /** What counts has ended. */
  public static final String MEASURED = "CHILD MEASURED";

  /** The outcome follows as {@code name=number}, separated by spaces. */
  public static final String RESULT = "CHILD RESULT";

  private final PrintStream out;

  public Announcer(PrintStream out) {
    this.out = out;
  }

  public void tell(String line) {
    out.println(line);
    out.flush();
  }

  public void result(Map<String, ? extends Number> numbers) {
    tell(
        numbers.entrySet().stream()
            .map(
                number ->
                    String.format(
                        Locale.ROOT, "%s=%.6f", number.getKey(), number.getValue().doubleValue()))
            .collect(Collectors.joining(" ", RESULT + " ", "")));
  }
}
