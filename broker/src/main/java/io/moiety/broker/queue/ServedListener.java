package io.moiety.broker.queue;

/** Hears, in the store turn, that more of a queue may be delivered. */
@FunctionalInterface
public interface ServedListener {
  void served(ConsumeQueue queue);
}
