package io.moiety.broker.delivery;

/** A message that is a session consumer's, as long as the session lives. */
final class SessionLease extends Lease {
  private final SessionConsumer consumer;

  SessionLease(GroupQueue queue, long queueOffset, boolean handedOver, SessionConsumer consumer) {
    super(queue, queueOffset, handedOver);
    this.consumer = consumer;
  }

  SessionConsumer consumer() {
    return consumer;
  }

  @Override
  void forget() {
    consumer.forget(this);
  }
}
