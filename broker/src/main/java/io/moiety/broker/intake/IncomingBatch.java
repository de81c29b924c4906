package io.moiety.broker.intake;

import io.moiety.broker.store.Journal.Logged;
import java.util.ArrayList;
import java.util.List;

/**
 * The messages of a batch, and how far they are taken: when the log refuses one of them the batch
 * goes on from there, in the same queue, and none is stored twice.
 *
 * <p>Owner: the store turn.
 */
final class IncomingBatch {
  private final List<IncomingMessage> messages;
  private final List<Logged> logged = new ArrayList<>();
  private int queueId;

  IncomingBatch(List<IncomingMessage> messages) {
    this.messages = messages.stream().map(IncomingMessage::withoutMarks).toList();
  }

  List<IncomingMessage> messages() {
    return messages;
  }

  boolean isEmpty() {
    return messages.isEmpty();
  }

  IncomingMessage first() {
    return messages.get(0);
  }

  /** The queue of all of them, once the batch is admitted. */
  int queueId() {
    return queueId;
  }

  void admitted(int newQueueId) {
    queueId = newQueueId;
  }

  boolean isBegun() {
    return !logged.isEmpty();
  }

  List<IncomingMessage> rest() {
    return messages.subList(logged.size(), messages.size());
  }

  void taken(Logged next) {
    logged.add(next);
  }

  List<Logged> logged() {
    return List.copyOf(logged);
  }
}
