package io.moiety.broker.delay;

import io.moiety.broker.config.DelayLevels;
import io.moiety.protocol.MessageProperties;
import io.moiety.protocol.PropertyNames;
import io.moiety.protocol.RecordDraft;
import io.moiety.protocol.SystemTopics;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Sends a message that wants a delay to the topic where it waits: {@code DELAY} (a level) to {@code
 * SCHEDULE_TOPIC_XXXX}, {@code TIMER_DELIVER_MS}, {@code TIMER_DELAY_MS} and {@code
 * TIMER_DELAY_SEC} to {@code rmq_sys_wheel_timer}. Pure.
 */
public final class DelayRouting {
  /** The longest exact delay. */
  public static final long MAX_DELAY_MILLIS = 366L * 24 * 60 * 60 * 1_000;

  private final DelayLevels levels;

  public DelayRouting(DelayLevels levels) {
    this.levels = levels;
  }

  /** Why the delay that a message asks for cannot be had, or empty. */
  public Optional<String> refusal(MessageProperties properties, long nowMillis) {
    try {
      level(properties);
      OptionalLong due = exactDueMillis(properties, nowMillis);
      if (due.isPresent() && due.getAsLong() - nowMillis > MAX_DELAY_MILLIS) {
        return Optional.of(
            "the delay of "
                + (due.getAsLong() - nowMillis)
                + " ms is above the limit of "
                + MAX_DELAY_MILLIS
                + " ms");
      }
      return Optional.empty();
    } catch (NumberFormatException | ArithmeticException malformed) {
      return Optional.of("the delay is no number of its range: " + malformed.getMessage());
    }
  }

  /** The draft as it is to be stored now: itself, or on the topic where it waits. */
  public RecordDraft route(RecordDraft draft, long nowMillis) {
    int level = level(draft.properties());
    if (level > 0) {
      int clamped = levels.clamp(level);
      return waiting(
          draft, SystemTopics.SCHEDULE, clamped - 1, nowMillis + levels.delayMillis(clamped));
    }
    OptionalLong due = exactDueMillis(draft.properties(), nowMillis);
    return due.isPresent() && due.getAsLong() > nowMillis
        ? waiting(draft, SystemTopics.TIMER, 0, due.getAsLong())
        : draft;
  }

  /** When a routed draft is due that waits for an exact time. */
  public static OptionalLong timerDueMillis(RecordDraft routed) {
    return routed.topic().equals(SystemTopics.TIMER)
        ? routed.properties().get(PropertyNames.TIMER_OUT_MS).stream()
            .mapToLong(Long::parseLong)
            .findFirst()
        : OptionalLong.empty();
  }

  private static RecordDraft waiting(RecordDraft draft, String topic, int queueId, long dueMillis) {
    MessageProperties properties =
        draft
            .properties()
            .with(PropertyNames.REAL_TOPIC, draft.topic())
            .with(PropertyNames.REAL_QUEUE_ID, Integer.toString(draft.queueId()))
            .with(PropertyNames.TIMER_OUT_MS, Long.toString(dueMillis));
    return draft.withDestination(topic, queueId).withProperties(properties);
  }

  private static int level(MessageProperties properties) {
    return properties.get(PropertyNames.DELAY).map(Integer::parseInt).orElse(0);
  }

  /** RocketMQ's order, should a message name several. */
  private static OptionalLong exactDueMillis(MessageProperties properties, long nowMillis) {
    Optional<String> delaySeconds = properties.get(PropertyNames.TIMER_DELAY_SEC);
    if (delaySeconds.isPresent()) {
      long millis = Math.multiplyExact(Long.parseLong(delaySeconds.get()), 1_000L);
      return OptionalLong.of(Math.addExact(nowMillis, millis));
    }
    Optional<String> delayMillis = properties.get(PropertyNames.TIMER_DELAY_MS);
    if (delayMillis.isPresent()) {
      return OptionalLong.of(Math.addExact(nowMillis, Long.parseLong(delayMillis.get())));
    }
    Optional<String> deliver = properties.get(PropertyNames.TIMER_DELIVER_MS);
    return deliver.isPresent()
        ? OptionalLong.of(Long.parseLong(deliver.get()))
        : OptionalLong.empty();
  }
}
