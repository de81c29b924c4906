package io.moiety.jms;

import jakarta.jms.Destination;

/** A destination of this provider. Two are equal when kind and name are. */
sealed interface NamedDestination extends Destination
    permits MoietyQueue, MoietyTopic, JmsTemporaryQueue, JmsTemporaryTopic {

  DestinationKind kind();

  /** As the application gave it. */
  String name();

  /** As a message property names it. */
  default String toText() {
    return kind().prefix() + name();
  }
}
