package io.moiety.broker.server;

import io.moiety.broker.delay.DelayedMessage;
import io.moiety.broker.delay.PendingDelays;
import io.moiety.broker.delay.PendingDelays.Fate;
import io.moiety.broker.index.KeySearch;
import io.moiety.broker.log.PutStatus;
import io.moiety.broker.store.RecordSpan;
import io.moiety.protocol.BadFieldException;
import io.moiety.protocol.Command;
import io.moiety.protocol.Fields;
import io.moiety.protocol.RequestCode;
import io.moiety.protocol.body.DelayedBody;
import io.moiety.protocol.body.DelayedListBody;
import io.moiety.protocol.body.JsonBodies;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Executor;

/**
 * What is asked and decided of delayed messages before their time: by administrators, and cancelled
 * by their senders. Records are found on a reader thread; the turn says what became of them, and
 * that is what the log tells.
 */
public final class DelayedHandlers {
  private static final Logger LOG = System.getLogger(DelayedHandlers.class.getName());
  private static final int MAX_PER_PAGE = 500;

  private final PendingDelays delays;
  private final KeySearch search;
  private final RecordFinder finder;
  private final OnReaders readers;
  private final InTurn inTurn;

  /**
   * Handlers over one store.
   *
   * @param search finds a record by the position that clients know
   * @param readers refuses when too much waits
   */
  public DelayedHandlers(
      PendingDelays delays,
      KeySearch search,
      RecordFinder finder,
      Executor readers,
      InTurn inTurn) {
    this.delays = delays;
    this.search = search;
    this.finder = finder;
    this.readers = new OnReaders(readers);
    this.inTurn = inTurn;
  }

  public void register(RequestRouter router) {
    router.register(RequestCode.DELAYED_LIST, this::list);
    router.register(RequestCode.DELAYED_CANCEL, this::cancel);
    router.register(RequestCode.DELAYED_DELIVER, this::deliver);
  }

  private void list(Command request, Connection connection, Reply reply) {
    Fields fields = request.fields();
    Optional<String> topic = fields.text("topic").filter(name -> !name.isEmpty());
    String from = fields.text("from").orElse("");
    int limit = Math.max(1, Math.min(fields.intOr("max", MAX_PER_PAGE), MAX_PER_PAGE));
    inTurn.run(
        reply,
        () -> {
          PendingDelays.Page page = page(topic, from, limit);
          readers.run(reply, () -> answerList(page, topic, reply));
        });
  }

  private PendingDelays.Page page(Optional<String> topic, String from, int limit) {
    try {
      return delays.page(topic, from, limit);
    } catch (IllegalArgumentException notOurs) {
      throw new BadFieldException("from", from, "what an answer said in 'next'");
    }
  }

  private void answerList(PendingDelays.Page page, Optional<String> topic, Reply reply) {
    List<DelayedBody> told = new ArrayList<>();
    for (RecordSpan span : page.records()) {
      finder
          .find(span.position())
          .flatMap(DelayedMessage::of)
          .filter(message -> topic.isEmpty() || topic.get().equals(message.realTopic()))
          .map(DelayedHandlers::told)
          .ifPresent(told::add);
    }
    reply.success(
        Fields.empty(), JsonBodies.write(new DelayedListBody(told, page.next().orElse(null))));
  }

  private static DelayedBody told(DelayedMessage message) {
    OptionalInt level = message.level();
    return new DelayedBody(
        Long.toString(message.originPosition()),
        message.realTopic(),
        message.realQueueId(),
        message.dueMillis(),
        level.isPresent() ? level.getAsInt() : null,
        message.uniqueKey().isEmpty() ? null : message.uniqueKey(),
        message.keys().isEmpty() ? null : message.keys(),
        message.bodyBytes(),
        message.storedMillis());
  }

  private void cancel(Command request, Connection connection, Reply reply) {
    String by = by(request, connection, reply);
    withCopies(
        request,
        reply,
        copies ->
            inTurn.append(
                reply,
                () -> {
                  Fate before =
                      delays.cancel(copies, by, stored -> answer(stored, "CANCELLED", reply));
                  told(by, "cancel", copies.get(0), before);
                  switch (before) {
                    case WAITING -> {} // Answered when that is stored.
                    case CANCELLED -> answer(PutStatus.PUT_OK, "CANCELLED", reply);
                    case DELIVERED -> answer(PutStatus.PUT_OK, "ALREADY_DELIVERED", reply);
                  }
                }));
  }

  private void deliver(Command request, Connection connection, Reply reply) {
    String by = by(request, connection, reply);
    withCopies(
        request,
        reply,
        copies ->
            inTurn.append(
                reply,
                () -> delays.toRead(copies.get(0)),
                () -> {
                  Fate before =
                      delays.deliverNow(
                          copies.get(0), by, stored -> answer(stored, "DELIVERED", reply));
                  told(by, "deliver", copies.get(0), before);
                  switch (before) {
                    case WAITING -> {} // Answered when that is stored.
                    case CANCELLED -> answer(PutStatus.PUT_OK, "CANCELLED", reply);
                    case DELIVERED -> answer(PutStatus.PUT_OK, "ALREADY_DELIVERED", reply);
                  }
                }));
  }

  private static void answer(PutStatus stored, String outcome, Reply reply) {
    StoreReplies.whenStored(reply, stored, Fields.builder().put("outcome", outcome).build());
  }

  /** Only what an administrator does is news. */
  private static void told(String by, String wish, DelayedMessage message, Fate before) {
    LOG.log(
        by.isEmpty() ? Level.DEBUG : Level.INFO,
        "{0} wants to {1} the delayed message at position {2} to topic {3}: it was {4}",
        by,
        wish,
        Long.toString(message.originPosition()),
        message.realTopic(),
        before);
  }

  /** Empty for a sender. */
  private static String by(Command request, Connection connection, Reply reply) {
    return request.fields().text("position").isEmpty()
        ? ""
        : Administrator.name(reply.rights().user(), connection, request.fields().text("by"));
  }

  /** Does something with copies of a message, at least one, in the turn. */
  @FunctionalInterface
  private interface Decision {
    void take(List<DelayedMessage> copies);
  }

  /**
   * Finds what a request names, by position or, as its sender knows it, by topic and unique key.
   */
  private void withCopies(Command request, Reply reply, Decision decision) {
    Fields fields = request.fields();
    boolean bySender = fields.text("position").isEmpty();
    String topic = bySender ? fields.requiredText("topic") : "";
    String uniqueKey = bySender ? fields.requiredText("uniqueKey") : "";
    long position = bySender ? 0 : fields.requiredLong("position");
    readers.run(
        reply,
        () -> {
          List<DelayedMessage> copies =
              bySender
                  ? new DelayedCopies(search).ofLastSend(topic, uniqueKey)
                  : copyAt(position).stream().toList();
          if (copies.isEmpty()) {
            answer(PutStatus.PUT_OK, "UNKNOWN", reply);
          } else {
            decision.take(copies);
          }
        });
  }

  private Optional<DelayedMessage> copyAt(long position) {
    return search
        .findAt(position)
        .flatMap(DelayedMessage::of)
        .filter(found -> found.originPosition() == position);
  }
}
