package io.moiety.jms;

import jakarta.jms.JMSException;
import jakarta.jms.TemporaryTopic;
import org.jspecify.annotations.Nullable;

/**
 * A temporary topic: made by a connection, consumed by it alone, deleted with it. One that came as
 * the reply-to of a message has no owner here; it can be sent to. Immutable.
 */
final class JmsTemporaryTopic implements TemporaryTopic, NamedDestination {

  private final String name;
  private final @Nullable TemporaryOwner owner;

  JmsTemporaryTopic(String name, @Nullable TemporaryOwner owner) {
    this.name = name;
    this.owner = owner;
  }

  @Override
  public String getTopicName() {
    return name;
  }

  @Override
  public DestinationKind kind() {
    return DestinationKind.TEMPORARY_TOPIC;
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
    return other instanceof JmsTemporaryTopic that && name.equals(that.name);
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
