package io.moiety.broker.delivery;

import io.moiety.broker.filter.MessageFilter;
import io.moiety.broker.queue.ConsumeQueue;
import io.moiety.broker.queue.Entry;
import io.moiety.broker.queue.QueueTable;
import io.moiety.broker.store.RecordReader;
import io.moiety.protocol.RecordView;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Shows the messages that a group has not acknowledged, in order, whoever has them just now;
 * nothing is leased, nothing counted. A page ends after a bounded number of messages.
 *
 * <p>Owner: the store turn.
 */
public final class Browser {
  private static final int MAX_LOOKED_AT = 1_000;
  private static final long MAX_PAGE_BYTES = 4L * 1024 * 1024;

  private final Ledgers ledgers;
  private final QueueTable queues;
  private final RecordReader reader;
  private final Admission admission;

  Browser(Ledgers ledgers, QueueTable queues, RecordReader reader, Admission admission) {
    this.ledgers = ledgers;
    this.queues = queues;
    this.reader = reader;
    this.admission = admission;
  }

  public Outcome<BrowsePage> browse(BrowseRequest request, long nowMillis) {
    Optional<Refusal> refusal = admission.refuse(request.topic());
    if (refusal.isPresent()) {
      return new Outcome.Refused<>(refusal.get());
    }
    if (request.maxMessages() < 1 || request.fromOffset() < 0) {
      return new Outcome.Refused<>(
          Refusal.invalid(
              "maxMessages "
                  + request.maxMessages()
                  + " must be at least 1 and fromOffset "
                  + request.fromOffset()
                  + " at least 0"));
    }
    return new Outcome.Done<>(
        queues
            .find(request.topic(), request.queueId())
            .map(queue -> page(request, queue, nowMillis))
            .orElse(new BrowsePage(List.of(), request.fromOffset(), true)));
  }

  private BrowsePage page(BrowseRequest request, ConsumeQueue queue, long nowMillis) {
    Ledger ledger =
        ledgers.known(new LedgerKey(request.group(), request.topic(), request.queueId()));
    List<RecordView> messages = new ArrayList<>();
    long bytes = 0;
    int lookedAt = 0;
    long offset = ledger.nextOpen(Math.max(request.fromOffset(), queue.minOffset()));
    while (offset < queue.servedOffset()
        && messages.size() < request.maxMessages()
        && lookedAt < MAX_LOOKED_AT
        && bytes < MAX_PAGE_BYTES) {
      Optional<RecordView> message =
          queue.find(offset).flatMap(entry -> look(request.filter(), entry, nowMillis));
      if (message.isPresent()) {
        messages.add(message.get());
        bytes += message.get().sizeBytes();
      }
      lookedAt++;
      offset = ledger.nextOpen(offset + 1);
    }
    return new BrowsePage(messages, offset, offset >= queue.servedOffset());
  }

  private Optional<RecordView> look(MessageFilter filter, Entry entry, long nowMillis) {
    if (!filter.mayMatch(entry.tagsCode())) {
      return Optional.empty();
    }
    return Optional.of(reader.read(entry.position(), entry.sizeBytes()))
        .filter(message -> !Pick.isExpired(message, nowMillis))
        .filter(filter::matches);
  }
}
