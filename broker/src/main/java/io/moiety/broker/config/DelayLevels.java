package io.moiety.broker.config;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * RocketMQ's {@code messageDelayLevel}: level 1 is the first of the list.
 *
 * @param delays one per level, each longer than zero
 */
public record DelayLevels(List<Duration> delays) {

  static final String DEFAULT = "1s 5s 10s 30s 1m 2m 3m 4m 5m 6m 7m 8m 9m 10m 20m 30m 1h 2h";
  static final String ALLOWED =
      "1 to 64 delays between 1s and 366d, separated by spaces, each a whole number and a unit"
          + " (s, m, h or d), for example: "
          + DEFAULT;

  private static final int MAX_LEVELS = 64;
  private static final Duration LONGEST = Duration.ofDays(366);
  private static final Pattern DELAY = Pattern.compile("(\\d{1,9})([smhd])");

  public DelayLevels {
    delays = List.copyOf(delays);
  }

  public int highest() {
    return delays.size();
  }

  /** The level itself, or the highest for one above it. */
  public int clamp(int level) {
    return Math.min(level, highest());
  }

  /** Delay of a level from 1 to {@link #highest()}. */
  public long delayMillis(int level) {
    return delays.get(level - 1).toMillis();
  }

  static DelayLevels parse(String key, String text) {
    List<Duration> delays = new ArrayList<>();
    for (String word : text.strip().split("\\s+", MAX_LEVELS + 1)) {
      delays.add(delay(key, text, word));
    }
    if (delays.size() > MAX_LEVELS) {
      throw new ConfigException(key, text, ALLOWED);
    }
    return new DelayLevels(delays);
  }

  /** As {@link #parse} reads it. */
  String text() {
    return delays.stream().map(delay -> delay.toSeconds() + "s").collect(Collectors.joining(" "));
  }

  private static Duration delay(String key, String text, String word) {
    Matcher matcher = DELAY.matcher(word);
    if (!matcher.matches()) {
      throw new ConfigException(key, text, ALLOWED);
    }
    long count = Long.parseLong(matcher.group(1));
    Duration delay =
        switch (matcher.group(2)) {
          case "s" -> Duration.ofSeconds(count);
          case "m" -> Duration.ofMinutes(count);
          case "h" -> Duration.ofHours(count);
          default -> Duration.ofDays(count);
        };
    if (delay.isZero() || delay.compareTo(LONGEST) > 0) {
      throw new ConfigException(key, text, ALLOWED);
    }
    return delay;
  }
}
