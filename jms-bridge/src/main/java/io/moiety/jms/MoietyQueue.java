package io.moiety.jms;

import jakarta.jms.Queue;
import java.io.Serializable;
import javax.naming.Reference;
import javax.naming.Referenceable;
import org.jspecify.annotations.Nullable;

/**
 * A queue, by its name; the broker makes it at the first use. A bean, so that a container can
 * configure one. The name is set before the queue is used and not changed afterwards.
 *
 * <p>The queue's messages are in the topic of its name, and all its receivers form one consumer
 * group of that name, so RocketMQ's clients and tools can take part. What is sent to a Jakarta
 * Messaging topic of the name is there, too, and not delivered to them. Characters that RocketMQ's
 * names do not have are stored as {@code %} and their hexadecimal.
 */
public final class MoietyQueue implements Queue, NamedDestination, Referenceable, Serializable {

  private static final long serialVersionUID = 1L;

  private String name = "";

  /** For containers, which call {@link #setName} next. */
  public MoietyQueue() {}

  public MoietyQueue(String name) {
    setName(name);
  }

  public String getName() {
    return name;
  }

  public void setName(String name) {
    this.name = DestinationNames.requireName(name);
  }

  @Override
  public String getQueueName() {
    return name;
  }

  @Override
  public DestinationKind kind() {
    return DestinationKind.QUEUE;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Reference getReference() {
    return MoietyObjectFactory.reference(this);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof MoietyQueue that && name.equals(that.name);
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
