package io.moiety.broker.server;

import io.moiety.broker.index.KeyQuery;
import io.moiety.broker.index.KeySearch;
import io.moiety.broker.transaction.HalfOutcomes;
import io.moiety.broker.transaction.HalfState;
import io.moiety.protocol.Command;
import io.moiety.protocol.Fields;
import io.moiety.protocol.PropertyNames;
import io.moiety.protocol.RecordView;
import io.moiety.protocol.ResponseCode;
import io.moiety.protocol.SystemTopics;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.Executor;

/**
 * {@code HALF_OUTCOME}: what became of the half message with a transaction id. Half messages with
 * the id are looked up in the key index, on a reader thread; the turn says what became of them. Of
 * one that the turn does not remember, a message that its commit made proves the commit.
 */
public final class HalfOutcomeHandler implements RequestHandler {
  /** A transaction that was sent more often is a mistake of its producer. */
  private static final int MAX_SENT = 64;

  private final KeySearch search;
  private final HalfOutcomes outcomes;
  private final OnReaders readers;
  private final InTurn inTurn;

  /**
   * A handler over one store.
   *
   * @param readers refuses when too much waits
   */
  public HalfOutcomeHandler(
      KeySearch search, HalfOutcomes outcomes, Executor readers, InTurn inTurn) {
    this.search = search;
    this.outcomes = outcomes;
    this.readers = new OnReaders(readers);
    this.inTurn = inTurn;
  }

  /** Which half messages are meant. */
  private record Question(String topic, String transactionId, OptionalLong position) {
    KeyQuery under(String storedTopic) {
      return new KeyQuery(storedTopic, transactionId, MAX_SENT, 0, Long.MAX_VALUE);
    }

    boolean isAbout(RecordView half) {
      return half.property(PropertyNames.REAL_TOPIC).filter(topic::equals).isPresent()
          && half.property(PropertyNames.UNIQUE_KEY).filter(transactionId::equals).isPresent()
          && (position.isEmpty() || position.getAsLong() == HalfOutcomes.positionOf(half));
    }
  }

  @Override
  public void handle(Command request, Connection connection, Reply reply) {
    Fields fields = request.fields();
    Question question =
        new Question(
            fields.requiredText("topic"),
            fields.requiredText("transactionId"),
            fields.text("position").isPresent()
                ? OptionalLong.of(fields.requiredLong("position"))
                : OptionalLong.empty());
    readers.run(reply, () -> look(question, reply));
  }

  private void look(Question question, Reply reply) {
    Set<Long> positions = new HashSet<>();
    search.find(question.under(SystemTopics.HALF)).stream()
        .filter(question::isAbout)
        .forEach(half -> positions.add(HalfOutcomes.positionOf(half)));
    inTurn.run(
        reply,
        () -> outcomes.outcome(positions, answer -> tell(answer, question, positions, reply)));
  }

  /** A commit that the disk did not confirm may be seen all the same, so nothing is proved then. */
  private void tell(
      HalfOutcomes.Answer answer, Question question, Set<Long> positions, Reply reply) {
    if (answer instanceof HalfOutcomes.Answer.NotDurable notDurable) {
      reply.fail(
          ResponseCode.FLUSH_DISK_TIMEOUT,
          "the outcome is not known to be durable: the disk answered "
              + notDurable.outcome()
              + "; ask again");
    } else if (answer instanceof HalfOutcomes.Answer.Known known) {
      tell(known.state(), question, positions, reply);
    }
  }

  private void tell(HalfState state, Question question, Set<Long> positions, Reply reply) {
    if (state == HalfState.UNKNOWN && !positions.isEmpty()) {
      readers.run(reply, () -> answer(provenCommit(question, positions), reply));
    } else {
      answer(state, reply);
    }
  }

  private HalfState provenCommit(Question question, Set<Long> positions) {
    List<RecordView> seen = search.find(question.under(question.topic()));
    return seen.stream()
            .anyMatch(message -> positions.contains(message.preparedTransactionOffset()))
        ? HalfState.COMMITTED
        : HalfState.UNKNOWN;
  }

  private static void answer(HalfState state, Reply reply) {
    reply.success(Fields.builder().put("state", state.name()).build());
  }
}
