package io.moiety.broker.server;

import io.moiety.broker.intake.IncomingMessage;
import io.moiety.broker.store.BrokerClock;
import io.moiety.protocol.Command;
import io.moiety.protocol.Fields;
import io.moiety.protocol.PropertyNames;
import io.moiety.protocol.RequestCode;
import io.moiety.protocol.ResponseCode;
import java.net.InetSocketAddress;
import java.util.Optional;

/**
 * SEND_REPLY_MESSAGE: passes a reply on to the client that waits for it. The replier hears whether
 * the requester took it. A reply is not stored, since nobody but a requester that waits would read
 * it; RocketMQ stores replies too, on a topic that nobody consumes.
 */
public final class RequestReplyHandlers {

  /** As long as clients wait for the answer to a send. */
  private static final long TIMEOUT_MILLIS = 3_000;

  private final String replyTopic;
  private final ClientRegistry clients;
  private final InetSocketAddress storeHost;
  private final BrokerClock clock;
  private final InTurn inTurn;

  /**
   * @param replyTopic that replies name, so that whoever may not send there cannot reply
   */
  public RequestReplyHandlers(
      String replyTopic,
      ClientRegistry clients,
      InetSocketAddress storeHost,
      BrokerClock clock,
      InTurn inTurn) {
    this.replyTopic = replyTopic;
    this.clients = clients;
    this.storeHost = storeHost;
    this.clock = clock;
    this.inTurn = inTurn;
  }

  public void register(RequestRouter router) {
    router.register(RequestCode.SEND_REPLY_MESSAGE, this::reply);
    router.register(RequestCode.SEND_REPLY_MESSAGE_V2, this::reply);
  }

  private void reply(Command request, Connection connection, Reply reply) {
    SendFields names = SendFields.of(request.code());
    IncomingMessage message = names.message(request, connection);
    if (!message.topic().equals(replyTopic)) {
      reply.fail(
          ResponseCode.INVALID_PARAMETER,
          "a reply names the topic " + replyTopic + ", not " + message.topic());
      return;
    }
    Optional<String> requester = message.properties().get(PropertyNames.REPLY_TO_CLIENT);
    if (requester.isEmpty()) {
      reply.fail(
          ResponseCode.SYSTEM_ERROR,
          "reply message properties["
              + PropertyNames.REPLY_TO_CLIENT
              + "] is null: the reply does not say who asked");
      return;
    }
    Fields.Builder pushed = names.pushed(message, request.fields());
    inTurn.run(reply, () -> push(requester.get(), message, pushed, reply));
  }

  private void push(String requester, IncomingMessage message, Fields.Builder fields, Reply reply) {
    Optional<Connection> waiting = clients.client(requester);
    if (waiting.isEmpty()) {
      reply.fail(
          ResponseCode.SYSTEM_ERROR,
          "push reply message fail, channel of <"
              + requester
              + "> not found: the client that asked is not connected");
      return;
    }
    long nowMillis = clock.nowMillis();
    Fields pushed =
        fields
            .put(
                "properties",
                message
                    .properties()
                    .with(PropertyNames.PUSH_REPLY_TIME, Long.toString(nowMillis))
                    .toText())
            .put("bornHost", text(message.bornHost()))
            .put("storeHost", text(storeHost))
            .put("storeTimestamp", nowMillis)
            .build();
    waiting
        .get()
        .call(
            ClientCalls.Kind.REPLY,
            Command.request(RequestCode.PUSH_REPLY_MESSAGE_TO_CLIENT, pushed, message.body()),
            TIMEOUT_MILLIS,
            new Pushed(requester, message.queueId(), reply));
  }

  private static String text(InetSocketAddress host) {
    return host.getAddress().getHostAddress() + ":" + host.getPort();
  }

  /** Tells the replier what became of its reply. */
  private record Pushed(String requester, int queueId, Reply reply) implements ClientAnswer {
    @Override
    public void answered(Command response) {
      if (response.code() == ResponseCode.SUCCESS) {
        reply.success(stored());
      } else {
        refuse("it answered " + response.code() + " " + response.remark());
      }
    }

    @Override
    public void late(String why) {
      refuse(why);
    }

    @Override
    public void gone() {
      refuse("its connection is closed");
    }

    private void refuse(String why) {
      reply.fail(ResponseCode.SYSTEM_ERROR, "push reply message to " + requester + " fail: " + why);
    }

    /** Clients read these of every answer to a send. */
    private Fields stored() {
      return Fields.builder()
          .put("msgId", 0)
          .put("queueId", Math.max(0, queueId))
          .put("queueOffset", 0)
          .build();
    }
  }
}
