package io.moiety.broker.reload;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** The thread that looks each second whether files have changed; none when there are none. */
public final class ReloadThread implements AutoCloseable {

  private static final Logger LOG = System.getLogger(ReloadThread.class.getName());
  private static final long INTERVAL_MILLIS = 1_000;

  private final ScheduledExecutorService thread;

  private ReloadThread(ScheduledExecutorService thread) {
    this.thread = thread;
  }

  /** Calls each of them once a second until {@link #close}. */
  public static ReloadThread start(List<Reloadable> all) {
    ScheduledExecutorService thread =
        Executors.newSingleThreadScheduledExecutor(
            task -> {
              Thread daemon = new Thread(task, "moiety-reload");
              daemon.setDaemon(true);
              return daemon;
            });
    for (Reloadable one : all) {
      var unused =
          thread.scheduleWithFixedDelay(
              () -> reload(one), INTERVAL_MILLIS, INTERVAL_MILLIS, TimeUnit.MILLISECONDS);
    }
    return new ReloadThread(thread);
  }

  private static void reload(Reloadable one) {
    try {
      one.reloadIfChanged();
    } catch (Throwable failure) {
      // Broad, since what is thrown ends the schedule, and changes would be missed for ever.
      LOG.log(Level.ERROR, "A file of the configuration cannot be read again", failure);
    }
  }

  @Override
  public void close() {
    thread.shutdownNow();
  }
}
