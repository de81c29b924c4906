package io.moiety.broker.server;

import io.moiety.broker.delivery.Delivered;
import io.moiety.broker.delivery.QueueOffset;
import io.moiety.broker.delivery.ReceiveAnswer;
import io.moiety.broker.delivery.ReceiveRequest;
import io.moiety.broker.delivery.Refusal;
import io.moiety.broker.delivery.Sessions;
import io.moiety.broker.filter.MessageFilter;
import io.moiety.broker.filter.NotFromClient;
import io.moiety.broker.filter.SelectorDialect;
import io.moiety.broker.filter.Selectors;
import io.moiety.broker.store.BrokerClock;
import io.moiety.broker.traffic.Traffic;
import io.moiety.protocol.Command;
import io.moiety.protocol.Fields;
import io.moiety.protocol.RequestCode;
import io.moiety.protocol.ResponseCode;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;

/** Moiety's commands of one consumer. Requests are read on the event loop, done in the turn. */
public final class ConsumerHandlers {
  private static final String ALL = "*";
  private static final int DEFAULT_MAX_BYTES = 1024 * 1024;

  private final Sessions sessions;
  private final ClassicOffsets classicOffsets;
  private final Selectors selectors;
  private final BrokerClock clock;
  private final Traffic traffic;
  private final InTurn inTurn;

  public ConsumerHandlers(
      Sessions sessions,
      ClassicOffsets classicOffsets,
      Selectors selectors,
      BrokerClock clock,
      Traffic traffic,
      InTurn inTurn) {
    this.sessions = sessions;
    this.classicOffsets = classicOffsets;
    this.selectors = selectors;
    this.clock = clock;
    this.traffic = traffic;
    this.inTurn = inTurn;
  }

  public void register(RequestRouter router) {
    router.register(RequestCode.RECEIVE, this::receive);
    router.register(RequestCode.CONSUMER_CLOSE, inTurn.handler(this::close));
    router.register(RequestCode.HANDED_OVER, this::handedOver);
    router.register(RequestCode.RELEASE, this::release);
  }

  private void receive(Command request, Connection connection, Reply reply) {
    Fields fields = request.fields();
    ReceiveRequest receive =
        new ReceiveRequest(
            connection.id(),
            SessionHandlers.session(request),
            consumer(request),
            fields.requiredText("group"),
            fields.requiredText("topic"),
            fields.requiredInt("maxMessages"),
            fields.intOr("maxBytes", DEFAULT_MAX_BYTES),
            fields.longOr("waitMillis", 0),
            fields.flag("handOver"),
            fields.intOr("maxDeliveries", 0),
            filter(fields));
    inTurn.run(
        reply,
        () -> {
          classicOffsets.settle(receive.group(), receive.topic());
          sessions.receive(
              receive,
              clock.nowMillis(),
              new Answer(receive.group(), receive.topic(), traffic, reply));
          classicOffsets.askedForLeases(receive.group(), receive.topic());
        });
  }

  private void close(Command request, Connection connection, Reply reply) {
    DeliveryReplies.done(
        reply,
        sessions.closeConsumer(
            connection.id(), SessionHandlers.session(request), consumer(request)));
  }

  private void handedOver(Command request, Connection connection, Reply reply) {
    long session = SessionHandlers.session(request);
    int consumer = consumer(request);
    List<QueueOffset> offsets = DeliveryFields.offsets(request.fields().requiredText("offsets"));
    inTurn.run(
        reply,
        () -> {
          sessions.handedOver(connection.id(), session, consumer, offsets);
          reply.success(Fields.empty());
        });
  }

  private void release(Command request, Connection connection, Reply reply) {
    long session = SessionHandlers.session(request);
    int consumer = consumer(request);
    String text = request.fields().requiredText("offsets");
    List<QueueOffset> offsets = text.equals(ALL) ? List.of() : DeliveryFields.offsets(text);
    inTurn.run(
        reply,
        () ->
            DeliveryReplies.done(
                reply,
                text.equals(ALL)
                    ? sessions.releaseAll(connection.id(), session, consumer)
                    : sessions.release(connection.id(), session, consumer, offsets)));
  }

  private MessageFilter filter(Fields fields) {
    MessageFilter selected =
        fields
            .text("selector")
            .map(text -> selectors.compile(SelectorDialect.JAKARTA_MESSAGING, text))
            .orElse(MessageFilter.ALL);
    return fields
        .text("noLocalClient")
        .map(client -> selected.and(new NotFromClient(client)))
        .orElse(selected);
  }

  private static int consumer(Command request) {
    return request.fields().requiredInt("consumer");
  }

  /** Writes what was received. */
  private record Answer(String group, String topic, Traffic traffic, Reply reply)
      implements ReceiveAnswer {
    @Override
    public void messages(List<Delivered> messages) {
      ByteBuffer body = DeliveryFields.body(messages.stream().map(Delivered::record).toList());
      traffic.went(group, topic, messages.size(), body.remaining());
      reply.success(
          Fields.builder().put("deliveries", DeliveryFields.deliveries(messages)).build(), body);
    }

    @Override
    public void nothing(Optional<String> stopped) {
      reply.fail(ResponseCode.PULL_NOT_FOUND, stopped.orElse("there is no message now"));
    }

    @Override
    public void refused(Refusal refusal) {
      DeliveryReplies.refuse(reply, refusal);
    }
  }
}
