package io.moiety.ra.broker;

/** A broker, or several in turn, that somebody else runs. Immutable. */
record RemoteBroker(String addresses) implements BrokerLocation {

  @Override
  public boolean isOwn() {
    return false;
  }

  @Override
  public void close() {
    // It is not ours.
  }
}
