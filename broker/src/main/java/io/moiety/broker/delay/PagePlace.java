package io.moiety.broker.delay;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Where a page of the messages that wait begins, as clients hand it back. */
sealed interface PagePlace {
  PagePlace FIRST = new OfLevel(0, 0);
  OfTimers FIRST_TIMER = new OfTimers(TimerEntry.earliest(Long.MIN_VALUE));

  Pattern TEXT = Pattern.compile("([LT]):(-?\\d{1,19}):(\\d{1,19})");

  String format();

  /** At a queue offset of a level, or the first behind it that waits. */
  record OfLevel(int queueId, long queueOffset) implements PagePlace {
    @Override
    public String format() {
      return "L:" + queueId + ":" + queueOffset;
    }
  }

  /** At an entry of the exact times, or the first behind it. */
  record OfTimers(TimerEntry first) implements PagePlace {
    @Override
    public String format() {
      return "T:" + first.dueMillis() + ":" + first.originPosition();
    }
  }

  /**
   * The place that a text stands for; the first of all for none.
   *
   * @throws IllegalArgumentException when it stands for none
   */
  static PagePlace parse(String text) {
    if (text.isEmpty()) {
      return FIRST;
    }
    Matcher matcher = TEXT.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException("'" + text + "' is no place in the list of what waits");
    }
    long within = Long.parseLong(matcher.group(3));
    return matcher.group(1).equals("L")
        ? new OfLevel(Integer.parseInt(matcher.group(2)), within)
        : new OfTimers(new TimerEntry(Long.parseLong(matcher.group(2)), within, 0, 0));
  }
}
