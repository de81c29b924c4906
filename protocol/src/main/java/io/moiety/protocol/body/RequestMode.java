package io.moiety.protocol.body;

/** How a group reads a topic. */
public enum RequestMode {
  PULL,
  POP
}
