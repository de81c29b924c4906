package io.moiety.ra.checkback;

/** The server's threads, in no transaction, now or later; waiting holds none. Thread-safe. */
public interface Tasks {

  void execute(Runnable task);

  void executeAfter(long delayMillis, Runnable task);
}
