package io.moiety.broker.access;

/** RocketMQ's words: what a user may do with a topic, or as a member of a group. */
enum Permission {
  /** Send to the topic. */
  PUB,
  /** Consume: the topic, or as the group. */
  SUB
}
