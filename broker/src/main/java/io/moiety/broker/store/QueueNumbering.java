package io.moiety.broker.store;

/** Tells the queue offset that the next message of a queue gets. Store turn only. */
@FunctionalInterface
public interface QueueNumbering {
  long nextOffset(String topic, int queueId);
}
