package io.moiety.broker.delivery;

import io.moiety.broker.filter.MessageFilter;
import io.moiety.broker.queue.ConsumeQueue;
import io.moiety.broker.queue.Entry;
import io.moiety.broker.queue.QueueTable;
import io.moiety.broker.store.RecordReader;
import io.moiety.broker.store.RecordSpan;
import io.moiety.protocol.RecordView;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Shows the messages that a group wants and has not acknowledged, in order, whoever has them just
 * now; nothing is leased, nothing counted. A page ends after a bounded number of messages.
 *
 * <p>Owner: the store turn.
 */
public final class Browser {
  private static final int MAX_LOOKED_AT = 1_000;
  private static final long MAX_PAGE_BYTES = 4L * 1024 * 1024;

  private final Ledgers ledgers;
  private final QueueTable queues;
  private final GroupTopics groupTopics;
  private final RecordReader reader;
  private final Admission admission;

  Browser(
      Ledgers ledgers,
      QueueTable queues,
      GroupTopics groupTopics,
      RecordReader reader,
      Admission admission) {
    this.ledgers = ledgers;
    this.queues = queues;
    this.groupTopics = groupTopics;
    this.reader = reader;
    this.admission = admission;
  }

  /** What {@link #browse} would read, for who has it read elsewhere before. */
  public List<RecordSpan> reads(BrowseRequest request) {
    return queues
        .find(request.topic(), request.queueId())
        .map(queue -> reads(request, queue))
        .orElse(List.of());
  }

  private List<RecordSpan> reads(BrowseRequest request, ConsumeQueue queue) {
    Ledger ledger = ledger(request);
    int limit = maxLookedAt(request);
    List<RecordSpan> reads = new ArrayList<>();
    long bytes = 0;
    long offset = ledger.nextOpen(Math.max(request.fromOffset(), queue.minOffset()));
    for (int i = 0; i < limit && bytes < MAX_PAGE_BYTES && offset < queue.servedOffset(); i++) {
      Optional<Entry> entry =
          queue.find(offset).filter(found -> request.filter().mayMatch(found.tagsCode()));
      if (entry.isPresent()) {
        reads.add(ReadAhead.span(entry.get()));
        bytes += entry.get().sizeBytes();
      }
      offset = ledger.nextOpen(offset + 1);
    }
    return reads;
  }

  /** Where everything is wanted, no page looks at, or has read, more than it may show. */
  private static int maxLookedAt(BrowseRequest request) {
    boolean everything = request.filter().equals(MessageFilter.ALL);
    return everything ? Math.min(request.maxMessages(), MAX_LOOKED_AT) : MAX_LOOKED_AT;
  }

  private Ledger ledger(BrowseRequest request) {
    return ledgers.known(new LedgerKey(request.group(), request.topic(), request.queueId()));
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
    Ledger ledger = ledger(request);
    MessageFilter filter =
        groupTopics.subscription(request.group(), request.topic()).and(request.filter());
    int limit = maxLookedAt(request);
    List<RecordView> messages = new ArrayList<>();
    long bytes = 0;
    int lookedAt = 0;
    long offset = ledger.nextOpen(Math.max(request.fromOffset(), queue.minOffset()));
    while (offset < queue.servedOffset()
        && messages.size() < request.maxMessages()
        && lookedAt < limit
        && bytes < MAX_PAGE_BYTES) {
      Optional<Entry> entry =
          queue.find(offset).filter(found -> request.filter().mayMatch(found.tagsCode()));
      if (entry.isPresent()) {
        look(filter, entry.get(), nowMillis).ifPresent(messages::add);
        bytes += entry.get().sizeBytes();
      }
      lookedAt++;
      offset = ledger.nextOpen(offset + 1);
    }
    return new BrowsePage(messages, offset, offset >= queue.servedOffset());
  }

  private Optional<RecordView> look(MessageFilter filter, Entry entry, long nowMillis) {
    return Optional.of(reader.read(entry.position(), entry.sizeBytes()))
        .filter(message -> !Pick.isExpired(message, nowMillis))
        .filter(filter::matches);
  }
}
