package io.moiety.jms;

import io.moiety.protocol.DestinationTexts;

/** The four kinds of destination, and how a message names them: {@code queue://orders}. */
enum DestinationKind {
  QUEUE(DestinationTexts.QUEUE),
  TOPIC(DestinationTexts.TOPIC),
  TEMPORARY_QUEUE(DestinationTexts.TEMPORARY_QUEUE),
  TEMPORARY_TOPIC(DestinationTexts.TEMPORARY_TOPIC);

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
