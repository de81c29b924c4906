package io.moiety.jms;

import jakarta.jms.JMSException;
import jakarta.jms.TemporaryQueue;
import org.jspecify.annotations.Nullable;

/**
 * A temporary queue: made by a connection, consumed by it alone, deleted with it. One that came as
 * the reply-to of a message has no owner here; it can be sent to. Immutable.
 */
final class JmsTemporaryQueue implements TemporaryQueue, NamedDestination {

  private final String name;
  private final @Nullable TemporaryOwner owner;

  JmsTemporaryQueue(String name, @Nullable TemporaryOwner owner) {
    this.name = name;
    this.owner = owner;
  }

  @Override
  public String getQueueName() {
    return name;
  }

  @Override
  public DestinationKind kind() {
    return DestinationKind.TEMPORARY_QUEUE;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public void delete() throws JMSException {
    if (owner == null) {
      throw TemporaryOwner.notTheOwner(this);
    }
    owner.deleteTemporary(this);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof JmsTemporaryQueue that && name.equals(that.name);
  }

  @Override
  public int hashCode() {
    return name.hashCode();
  }

  @Override
  public String toString() {
    return toText();
  }
}
