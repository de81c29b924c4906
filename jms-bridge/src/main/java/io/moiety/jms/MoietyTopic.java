package io.moiety.jms;

import jakarta.jms.Topic;
import java.io.Serializable;
import javax.naming.Reference;
import javax.naming.Referenceable;
import org.jspecify.annotations.Nullable;

/**
 * A topic, by its name; the broker makes it at the first use. A bean, so that a container can
 * configure one. The name is set before the topic is used and not changed afterwards.
 *
 * <p>Its messages are in the broker's topic of the same name; each subscription is a consumer
 * group. A queue of the same name has its messages there, too, and its receivers get none of the
 * topic's. Characters that RocketMQ's names do not have are stored as {@code %} and their
 * hexadecimal.
 */
public final class MoietyTopic implements Topic, NamedDestination, Referenceable, Serializable {

  private static final long serialVersionUID = 1L;

  private String name = "";

  /** For containers, which call {@link #setName} next. */
  public MoietyTopic() {}

  public MoietyTopic(String name) {
    setName(name);
  }

  public String getName() {
    return name;
  }

  public void setName(String name) {
    this.name = DestinationNames.requireName(name);
  }

  @Override
  public String getTopicName() {
    return name;
  }

  @Override
  public DestinationKind kind() {
    return DestinationKind.TOPIC;
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
    return other instanceof MoietyTopic that && name.equals(that.name);
  }

  @Override
  public int hashCode() {
    return 31 * name.hashCode();
  }

  @Override
  public String toString() {
    return toText();
  }
}
