package io.moiety.benchmarks.compare;

import java.io.PrintWriter;
import java.util.List;

/** Runs the figures, each as often as it is to be, with both brokers in turn within each run. */
final class Comparison {

  private final Settings settings;
  private final List<Figure> figures;
  private final PrintWriter progress;

  Comparison(Settings settings, List<Figure> figures, PrintWriter progress) {
    this.settings = settings;
    this.figures = List.copyOf(figures);
    this.progress = progress;
  }

  /** All figures there are, in the table's order. */
  static List<Figure> allFigures() {
    return List.of(
        new AppendFigure(),
        new DeviceBytesFigure(FlushMode.SYNC_FLUSH),
        new DeviceBytesFigure(FlushMode.ASYNC_FLUSH),
        new SendFigure(FlushMode.ASYNC_FLUSH),
        new SendFigure(FlushMode.SYNC_FLUSH),
        new ClientFigure(1),
        new ClientFigure(16),
        new ClientFigure(64),
        LatencyFigure.endToEnd(),
        LatencyFigure.wake(),
        LatencyFigure.delayLevel(),
        LatencyFigure.delayExact(),
        new DelayBurstFigure(),
        new TransactionFigure(FlushMode.ASYNC_FLUSH),
        new TransactionFigure(FlushMode.SYNC_FLUSH),
        new RestartFigure(),
        new StartFigure(),
        new IdleFigure(),
        new HeapFigure(),
        new PendingFigure(PendingFigure.Kind.DELAYS),
        new PendingFigure(PendingFigure.Kind.HALVES));
  }

  Results run() throws InterruptedException {
    Results results = new Results();
    for (Figure figure : figures) {
      int runs = figure.repeatsItself() ? 1 : settings.runs();
      for (int run = 1; run <= runs; run++) {
        progress.printf("%s, run %d of %d%n", figure.name(), run, runs);
        progress.flush();
        figure.run(settings, results);
      }
    }
    return results;
  }
}
