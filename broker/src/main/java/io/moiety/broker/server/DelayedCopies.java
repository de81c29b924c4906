package io.moiety.broker.server;

import io.moiety.broker.delay.DelayedMessage;
import io.moiety.broker.index.KeyQuery;
import io.moiety.broker.index.KeySearch;
import io.moiety.broker.store.Carried;
import io.moiety.protocol.RecordView;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Finds delayed messages by what their senders know of them. A send that was repeated left several
 * copies, which are one message to its sender. Reads files: for reader threads.
 */
record DelayedCopies(KeySearch search) {
  /** A send that was repeated more often is a mistake of its producer. */
  private static final int MAX_COPIES = 64;

  /** The copies of the last send of which one is due at a time. */
  List<DelayedMessage> dueAt(String topic, String uniqueKey, long dueMillis) {
    return lastSend(topic, uniqueKey, message -> message.dueMillis() == dueMillis);
  }

  /** The copies of the last send under a key, which others may have used before. */
  List<DelayedMessage> ofLastSend(String topic, String uniqueKey) {
    return lastSend(topic, uniqueKey, message -> true);
  }

  private List<DelayedMessage> lastSend(
      String topic, String uniqueKey, Predicate<DelayedMessage> isNamed) {
    List<DelayedMessage> newestFirst =
        search.findDelayed(topic, uniqueKey, MAX_COPIES).stream()
            .map(DelayedMessage::of)
            .flatMap(Optional::stream)
            .toList();
    Optional<DelayedMessage> named = newestFirst.stream().filter(isNamed).findFirst();
    if (named.isEmpty() || newestFirst.size() == 1) {
      return named.stream().toList();
    }
    return DelayedMessage.ofOneSend(named.get(), newestFirst, delivered(topic, uniqueKey));
  }

  /** Positions of the delivered copies by the origin positions of what waited. */
  private Map<Long, Long> delivered(String topic, String uniqueKey) {
    Map<Long, Long> positions = new HashMap<>();
    for (RecordView record :
        search.find(new KeyQuery(topic, uniqueKey, MAX_COPIES, 0, Long.MAX_VALUE))) {
      DelayedMessage.deliveredFrom(record)
          .ifPresent(origin -> positions.put(origin, Carried.origin(record).position()));
    }
    return positions;
  }
}
