package io.moiety.protocol.body;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A page of messages that wait for their time. It may have fewer than were asked for, even none,
 * and yet not be the last.
 *
 * @param next where the next page begins; null when this is the last
 */
public record DelayedListBody(List<DelayedBody> messages, @Nullable String next) {

  public DelayedListBody {
    messages = Members.list(messages);
  }
}
