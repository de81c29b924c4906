package io.moiety.jms;

import java.util.Optional;

/** What kind of message a stored body is, as the property {@code JMS_BodyType} names it. */
enum BodyType {
  MESSAGE("message"),
  TEXT("text"),
  BYTES("bytes"),
  MAP("map"),
  STREAM("stream"),
  OBJECT("object");

  private final String wireName;

  BodyType(String wireName) {
    this.wireName = wireName;
  }

  String wireName() {
    return wireName;
  }

  /**
   * Bytes when the sender gave no type, as RocketMQ's own clients do, or one that is not known
   * here.
   */
  static BodyType of(Optional<String> wireName) {
    for (BodyType type : values()) {
      if (wireName.isPresent() && type.wireName.equals(wireName.get())) {
        return type;
      }
    }
    return BYTES;
  }
}
