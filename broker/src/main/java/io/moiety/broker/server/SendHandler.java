package io.moiety.broker.server;

import io.moiety.broker.intake.IncomingMessage;
import io.moiety.broker.intake.MessageIntake;
import io.moiety.broker.intake.SendOutcome;
import io.moiety.broker.log.PutStatus;
import io.moiety.broker.stats.LatencyHistogram;
import io.moiety.broker.store.BrokerClock;
import io.moiety.protocol.Command;
import io.moiety.protocol.Fields;
import io.moiety.protocol.MessageIds;
import io.moiety.protocol.PropertyNames;
import io.moiety.protocol.RecallHandle;
import io.moiety.protocol.ResponseCode;
import io.moiety.protocol.body.BatchBody;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * {@code SEND_MESSAGE} (long field names), {@code SEND_MESSAGE_V2} and {@code SEND_BATCH_MESSAGE}
 * (one-letter names). A request is decoded on the event loop and taken in the turn, a little later
 * when the log has no room. One with {@code commit} commits the branch that its message names, and
 * in which there is nothing else.
 */
public final class SendHandler implements RequestHandler {
  private static final String REGION = "DefaultRegion";

  private final MessageIntake intake;
  private final RetrySends retries;
  private final NextBranch nextBranch;
  private final String brokerName;
  private final BrokerClock clock;
  private final InetSocketAddress storeHost;
  private final LatencyHistogram latency;
  private final InTurn inTurn;

  /**
   * A handler of sends.
   *
   * @param brokerName stands in the handles by which messages are recalled
   * @param latency told in the turn how long each stored message took until its answer
   */
  public SendHandler(
      MessageIntake intake,
      RetrySends retries,
      NextBranch nextBranch,
      String brokerName,
      BrokerClock clock,
      InetSocketAddress storeHost,
      LatencyHistogram latency,
      InTurn inTurn) {
    this.intake = intake;
    this.retries = retries;
    this.nextBranch = nextBranch;
    this.brokerName = brokerName;
    this.clock = clock;
    this.storeHost = storeHost;
    this.latency = latency;
    this.inTurn = inTurn;
  }

  @Override
  public void handle(Command request, Connection connection, Reply reply) {
    long beginNanos = System.nanoTime();
    SendFields names = SendFields.of(request.code());
    boolean isBatch = names.isBatch(request);
    IncomingMessage message =
        isBatch ? names.message(request, connection) : names.inRegion(request, connection, REGION);
    boolean commits = !isBatch && request.fields().flag("commit");
    NextBranch.Start next =
        commits ? nextBranch.askedFor(request.fields(), connection) : NextBranch.NONE;
    Consumer<SendOutcome> answer = outcome -> answer(outcome, message, beginNanos, next, reply);
    if (isBatch) {
      List<IncomingMessage> batch =
          BatchBody.decode(message.body()).stream().map(message::member).toList();
      append(connection, reply, () -> intake.takeBatch(batch, answer));
    } else {
      Optional<Integer> maxRetries = names.maxReconsumeTimes(request);
      append(
          connection,
          reply,
          () -> {
            IncomingMessage destined = retries.destined(message, maxRetries);
            if (commits) {
              intake.takeAndCommit(destined, clock.nowMillis(), answer);
            } else {
              intake.take(destined, clock.nowMillis(), answer);
            }
          });
    }
  }

  /** Not for a client that was told by now that the message is not stored. */
  private void append(Connection connection, Reply reply, Runnable take) {
    inTurn.append(
        reply,
        () -> {
          if (connection.isRetired()) {
            reply.fail(ResponseCode.GO_AWAY, "the client has a newer connection, send by that");
          } else {
            take.run();
          }
        });
  }

  private void answer(
      SendOutcome outcome,
      IncomingMessage message,
      long beginNanos,
      NextBranch.Start next,
      Reply reply) {
    if (outcome instanceof SendOutcome.Stored stored) {
      latency.record(System.nanoTime() - beginNanos);
      Fields.Builder fields = fields(stored, message);
      next.run(fields);
      reply.send(
          Command.response(
              reply.request(), Failures.codeOf(stored.status()), remark(stored), fields.build()));
    } else if (outcome instanceof SendOutcome.Refused refused) {
      reply.fail(refused.responseCode(), refused.reason());
    } else if (outcome instanceof SendOutcome.RefusedByBranch refused) {
      XaReplies.refuse(reply, refused.refusal());
    }
  }

  private Fields.Builder fields(SendOutcome.Stored stored, IncomingMessage message) {
    String ids =
        stored.positions().stream()
            .map(position -> MessageIds.offsetMessageId(storeHost, position))
            .collect(Collectors.joining(","));
    Fields.Builder fields =
        Fields.builder()
            .put("msgId", ids)
            .put("queueId", stored.queueId())
            .put("queueOffset", stored.queueOffset())
            .put("MSG_REGION", REGION)
            .put("TRACE_ON", true);
    message
        .properties()
        .get(PropertyNames.UNIQUE_KEY)
        .ifPresent(
            uniqueKey -> {
              fields.put("transactionId", uniqueKey);
              stored
                  .timerDueMillis()
                  .ifPresent(
                      due ->
                          fields.put(
                              "recallHandle",
                              new RecallHandle(message.topic(), brokerName, due, uniqueKey)
                                  .toText()));
            });
    return fields;
  }

  private static String remark(SendOutcome.Stored stored) {
    return stored.status() == PutStatus.PUT_OK
        ? ""
        : "the message is in the log, and its store answered " + stored.status();
  }
}
