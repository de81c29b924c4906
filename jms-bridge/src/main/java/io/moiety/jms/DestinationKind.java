package io.moiety.jms;

/** The four kinds of destination, and how a message names them: {@code queue://orders}. */
enum DestinationKind {
  QUEUE("queue://"),
  TOPIC("topic://"),
  TEMPORARY_QUEUE("temp-queue://"),
  TEMPORARY_TOPIC("temp-topic://");

  private final String prefix;

  DestinationKind(String prefix) {
    this.prefix = prefix;
  }

  String prefix() {
    return prefix;
  }

  boolean isQueue() {
    return this == QUEUE || this == TEMPORARY_QUEUE;
  }

  boolean isTemporary() {
    return this == TEMPORARY_QUEUE || this == TEMPORARY_TOPIC;
  }
}
