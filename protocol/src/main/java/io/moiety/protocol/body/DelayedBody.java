package io.moiety.protocol.body;

import org.jspecify.annotations.Nullable;

/**
 * A message that waits for its time. Times are milliseconds since 1970.
 *
 * @param id position by which it is known: that of the record that its sender was answered with, or
 *     that its commit made
 * @param topic where it will be delivered
 * @param level its delay level; null for an exact time
 * @param uniqueKey its sender's name for it
 * @param keys as its sender set them
 */
public record DelayedBody(
    String id,
    String topic,
    int queueId,
    long dueMillis,
    @Nullable Integer level,
    @Nullable String uniqueKey,
    @Nullable String keys,
    int bodyBytes,
    long storedMillis) {

  public DelayedBody {
    Members.required(id, "id");
    Members.required(topic, "topic");
  }
}
