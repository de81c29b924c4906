package io.moiety.broker.server;

import io.moiety.broker.delivery.Delivered;
import io.moiety.broker.delivery.PopAnswer;
import io.moiety.broker.delivery.PopHandle;
import io.moiety.broker.delivery.PopNotice;
import io.moiety.broker.delivery.PopQuestion;
import io.moiety.broker.delivery.PopQuestions;
import io.moiety.broker.delivery.PopRequest;
import io.moiety.broker.delivery.Pops;
import io.moiety.broker.delivery.Refusal;
import io.moiety.broker.filter.MessageFilter;
import io.moiety.broker.filter.SelectorDialect;
import io.moiety.broker.filter.Selectors;
import io.moiety.broker.filter.TagFilter;
import io.moiety.broker.store.BrokerClock;
import io.moiety.broker.traffic.Traffic;
import io.moiety.protocol.BadFieldException;
import io.moiety.protocol.Command;
import io.moiety.protocol.Fields;
import io.moiety.protocol.RequestCode;
import io.moiety.protocol.ResponseCode;
import io.moiety.protocol.body.BatchAckBody;
import io.moiety.protocol.body.JsonBodies;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;

/**
 * RocketMQ's POP_MESSAGE, ACK_MESSAGE, BATCH_ACK_MESSAGE, CHANGE_MESSAGE_INVISIBLETIME and
 * NOTIFICATION.
 */
public final class PopHandlers {
  private static final int FROM_END = 1;
  private static final String SQL92 = "SQL92";

  /** A batch names messages by bits, so a short body could name very many. */
  private static final int MAX_BATCH_ACKS = 10_000;

  private final Pops pops;
  private final PopQuestions questions;
  private final ClassicOffsets classicOffsets;
  private final Selectors selectors;
  private final LostConnections lostConnections;
  private final BrokerClock clock;
  private final Traffic traffic;
  private final InTurn inTurn;

  public PopHandlers(
      Pops pops,
      PopQuestions questions,
      ClassicOffsets classicOffsets,
      Selectors selectors,
      LostConnections lostConnections,
      BrokerClock clock,
      Traffic traffic,
      InTurn inTurn) {
    this.pops = pops;
    this.questions = questions;
    this.classicOffsets = classicOffsets;
    this.selectors = selectors;
    this.lostConnections = lostConnections;
    this.clock = clock;
    this.traffic = traffic;
    this.inTurn = inTurn;
  }

  public void register(RequestRouter router) {
    router.register(RequestCode.POP_MESSAGE, this::pop);
    router.register(RequestCode.NOTIFICATION, this::ask);
    router.register(RequestCode.ACK_MESSAGE, this::acknowledge);
    router.register(RequestCode.BATCH_ACK_MESSAGE, this::acknowledgeBatch);
    router.register(RequestCode.CHANGE_MESSAGE_INVISIBLETIME, this::changeInvisibleTime);
  }

  private void pop(Command request, Connection connection, Reply reply) {
    Fields fields = request.fields();
    PopRequest pop =
        new PopRequest(
            connection.id(),
            fields.requiredText("consumerGroup"),
            fields.requiredText("topic"),
            fields.requiredInt("queueId"),
            fields.requiredInt("maxMsgNums"),
            fields.requiredLong("invisibleTime"),
            fields.longOr("pollTime", 0),
            fields.intOr("initMode", 0) == FROM_END,
            filter(fields),
            fields.flag("order"),
            attemptId(fields));
    lostConnections.watch(connection);
    inTurn.run(reply, () -> lostConnections.ifOpen(connection, () -> pop(pop, reply)));
  }

  private void pop(PopRequest pop, Reply reply) {
    classicOffsets.settle(pop.group(), pop.topic());
    pops.pop(pop, clock.nowMillis(), new Answer(pop, traffic, reply));
    classicOffsets.askedForLeases(pop.group(), pop.topic());
  }

  private void ask(Command request, Connection connection, Reply reply) {
    Fields fields = request.fields();
    PopQuestion question =
        new PopQuestion(
            connection.id(),
            fields.requiredText("consumerGroup"),
            fields.requiredText("topic"),
            fields.requiredInt("queueId"),
            fields.longOr("pollTime", 0),
            fields.flag("order"),
            attemptId(fields));
    lostConnections.watch(connection);
    inTurn.run(
        reply,
        () ->
            lostConnections.ifOpen(
                connection, () -> questions.ask(question, clock.nowMillis(), new Notice(reply))));
  }

  /** Kept as long as what it got. */
  private static Optional<String> attemptId(Fields fields) {
    return fields.text("attemptId").map(id -> ClientNames.check("attemptId", id));
  }

  private MessageFilter filter(Fields fields) {
    String expression = fields.text("exp").orElse("");
    return fields.text("expType").filter(SQL92::equals).isPresent()
        ? selectors.compile(SelectorDialect.ROCKETMQ, expression)
        : TagFilter.parse(expression);
  }

  private void acknowledge(Command request, Connection connection, Reply reply) {
    PopHandle handle = PopFields.handle(request.fields());
    inTurn.append(reply, () -> acknowledge(List.of(handle), reply));
  }

  private void acknowledgeBatch(Command request, Connection connection, Reply reply) {
    List<PopHandle> handles = new ArrayList<>();
    for (BatchAckBody.Ack ack : JsonBodies.readRequest(request.body(), BatchAckBody.class).acks()) {
      BitSet offsets = ack.offsetsFromStart();
      if (handles.size() + offsets.cardinality() > MAX_BATCH_ACKS) {
        throw new BadFieldException(
            "acks", Integer.toString(offsets.cardinality()), "at most " + MAX_BATCH_ACKS);
      }
      offsets.stream()
          .mapToObj(
              bit ->
                  new PopHandle(
                      ack.group(),
                      ack.topic(),
                      ack.queueId(),
                      ack.startOffset() + bit,
                      ack.popTimeMillis()))
          .forEach(handles::add);
    }
    inTurn.append(reply, () -> acknowledge(handles, reply));
  }

  private void acknowledge(List<PopHandle> handles, Reply reply) {
    Optional<Refusal> refusal =
        pops.acknowledge(handles, stored -> StoreReplies.whenStored(reply, stored, Fields.empty()));
    refusal.ifPresent(why -> refuse(reply, why));
  }

  private void changeInvisibleTime(Command request, Connection connection, Reply reply) {
    PopHandle handle = PopFields.handle(request.fields());
    long invisibleMillis = request.fields().requiredLong("invisibleTime");
    boolean suspended = request.fields().flag("suspend");
    inTurn.run(reply, () -> changeInvisibleTime(handle, invisibleMillis, suspended, reply));
  }

  private void changeInvisibleTime(
      PopHandle handle, long invisibleMillis, boolean suspended, Reply reply) {
    long nowMillis = clock.nowMillis();
    Optional<Refusal> refusal =
        pops.changeInvisibleTime(handle, invisibleMillis, suspended, nowMillis);
    if (refusal.isPresent()) {
      refuse(reply, refusal.get());
    } else {
      reply.success(
          Fields.builder()
              .put("popTime", nowMillis)
              .put("invisibleTime", invisibleMillis)
              .put("reviveQid", 0)
              .build());
    }
  }

  /** RocketMQ's clients know a message that is not theirs by this code. */
  private static void refuse(Reply reply, Refusal refusal) {
    if (refusal.reason() == Refusal.Reason.NOT_LEASED) {
      reply.fail(ResponseCode.NO_MESSAGE, refusal.text());
    } else {
      DeliveryReplies.refuse(reply, refusal);
    }
  }

  /** Writes what was popped. */
  private record Answer(PopRequest request, Traffic traffic, Reply reply) implements PopAnswer {
    @Override
    public void messages(List<Delivered> messages, long popTimeMillis, long rest) {
      ByteBuffer body = PopFields.body(messages);
      traffic.went(request.group(), request.topic(), messages.size(), body.remaining());
      reply.success(PopFields.answer(request, messages, popTimeMillis, rest), body);
    }

    @Override
    public void nothing() {
      without(ResponseCode.POLLING_TIMEOUT, "NO_MESSAGE_IN_QUEUE");
    }

    @Override
    public void refused(Refusal refusal) {
      if (refusal.reason() == Refusal.Reason.LIMIT_REACHED) {
        without(ResponseCode.POLLING_FULL, refusal.text());
      } else {
        DeliveryReplies.refuse(reply, refusal);
      }
    }

    private void without(int code, String remark) {
      reply.send(Command.response(reply.request(), code, remark, PopFields.nothing(request)));
    }
  }

  /** Writes whether there is something. */
  private record Notice(Reply reply) implements PopNotice {
    @Override
    public void told(boolean something) {
      answer(something, false);
    }

    @Override
    public void refused(Refusal refusal) {
      if (refusal.reason() == Refusal.Reason.LIMIT_REACHED) {
        answer(false, true);
      } else {
        DeliveryReplies.refuse(reply, refusal);
      }
    }

    private void answer(boolean hasMessage, boolean pollingFull) {
      reply.success(
          Fields.builder().put("hasMsg", hasMessage).put("pollingFull", pollingFull).build());
    }
  }
}
