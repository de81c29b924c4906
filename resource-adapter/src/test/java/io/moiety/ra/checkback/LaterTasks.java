package io.moiety.ra.checkback;

import java.util.ArrayList;
import java.util.List;

/** Runs what is to be run later when the test says so. */
final class LaterTasks implements Tasks {

  private final List<Runnable> later = new ArrayList<>();

  @Override
  public void execute(Runnable task) {
    task.run();
  }

  @Override
  public synchronized void executeAfter(long delayMillis, Runnable task) {
    later.add(task);
  }

  synchronized int planned() {
    return later.size();
  }

  /** What was planned until now. */
  void runLater() {
    takeAll().forEach(Runnable::run);
  }

  private synchronized List<Runnable> takeAll() {
    List<Runnable> due = List.copyOf(later);
    later.clear();
    return due;
  }
}
