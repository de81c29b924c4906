package io.moiety.broker.server;

import io.moiety.broker.delay.DelayedMessage;
import io.moiety.broker.index.KeySearch;
import java.util.List;
import java.util.Optional;

/**
 * Finds delayed messages by what their senders know of them. A send that was repeated left several
 * copies, which are one message to its sender. Reads files: for reader threads.
 */
record DelayedCopies(KeySearch search) {
  /** A send that was repeated more often is a mistake of its producer. */
  private static final int MAX_COPIES = 64;

  /** The copies of the send of which one is due at a time. */
  List<DelayedMessage> dueAt(String topic, String uniqueKey, long dueMillis) {
    return DelayedMessage.ofOneSend(ofKey(topic, uniqueKey), dueMillis);
  }

  /** The copies of the last send under a key, which others may have used before. */
  List<DelayedMessage> ofLastSend(String topic, String uniqueKey) {
    List<DelayedMessage> newestFirst = ofKey(topic, uniqueKey);
    return newestFirst.isEmpty()
        ? List.of()
        : DelayedMessage.ofOneSend(newestFirst, newestFirst.get(0).dueMillis());
  }

  private List<DelayedMessage> ofKey(String topic, String uniqueKey) {
    return search.findDelayed(topic, uniqueKey, MAX_COPIES).stream()
        .map(DelayedMessage::of)
        .flatMap(Optional::stream)
        .toList();
  }
}
