package io.moiety.broker.server;

import io.moiety.protocol.BadFieldException;
import io.moiety.protocol.Command;
import io.moiety.protocol.Fields;
import io.moiety.protocol.MessageIds;
import io.moiety.protocol.RecordView;
import io.moiety.protocol.RequestCode;
import io.moiety.protocol.RequestSignature;
import io.moiety.protocol.ResponseCode;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/**
 * What a tool asks a consumer, by way of the broker: how it is doing, and to consume one message
 * now. The request goes on to the client over its connection, without the tool's credentials, and
 * its answer back.
 */
public final class ClientForwardHandlers {

  /** As long as RocketMQ's broker waits. */
  private static final long TIMEOUT_MILLIS = 10_000;

  private final String brokerName;
  private final ClientRegistry clients;
  private final RecordFinder records;
  private final OnReaders readers;
  private final InTurn inTurn;

  /**
   * @param readers refuses when too much waits
   */
  public ClientForwardHandlers(
      String brokerName,
      ClientRegistry clients,
      RecordFinder records,
      Executor readers,
      InTurn inTurn) {
    this.brokerName = brokerName;
    this.clients = clients;
    this.records = records;
    this.readers = new OnReaders(readers);
    this.inTurn = inTurn;
  }

  public void register(RequestRouter router) {
    router.register(RequestCode.GET_CONSUMER_RUNNING_INFO, inTurn.handler(this::runningInfo));
    router.register(RequestCode.CONSUME_MESSAGE_DIRECTLY, inTurn.handler(this::consume));
  }

  private void runningInfo(Command request, Connection connection, Reply reply) {
    withMember(
        request, reply, member -> forward(member, request.fields(), Command.noBody(), reply));
  }

  private void consume(Command request, Connection connection, Reply reply) {
    long position = MessageIds.parseOffsetMessageId(id(request)).position();
    withMember(
        request,
        reply,
        member ->
            read(
                position,
                reply,
                record -> {
                  Map<String, String> fields = request.fields().asMap();
                  Fields.Builder withBroker = Fields.builder();
                  fields.forEach(withBroker::put);
                  forward(
                      member,
                      withBroker.put("brokerName", brokerName).build(),
                      record.bytes(),
                      reply);
                }));
  }

  private static String id(Command request) {
    String id = request.fields().requiredText("msgId");
    if (id.length() != 32 && id.length() != 56) {
      throw new BadFieldException("msgId", id, "an offset message id");
    }
    return id;
  }

  private void withMember(Command request, Reply reply, Consumer<ConsumerClient> then) {
    String group = request.fields().requiredText("consumerGroup");
    String clientId = request.fields().requiredText("clientId");
    Optional<ConsumerClient> member = clients.consumer(group, clientId);
    if (member.isEmpty()) {
      reply.fail(
          ResponseCode.CONSUMER_NOT_ONLINE,
          "The Consumer <" + group + "> <" + clientId + "> not online");
    } else {
      then.accept(member.get());
    }
  }

  private void read(long position, Reply reply, Consumer<RecordView> then) {
    readers.run(
        reply,
        () -> {
          Optional<RecordView> record = records.find(position);
          if (record.isEmpty()) {
            reply.fail(
                ResponseCode.SYSTEM_ERROR, "can not find message by the offset, " + position);
          } else {
            then.accept(record.get());
          }
        });
  }

  private static void forward(ConsumerClient member, Fields fields, ByteBuffer body, Reply reply) {
    Command onward =
        Command.request(reply.request().code(), RequestSignature.withoutCredentials(fields), body);
    member
        .connection()
        .call(ClientCalls.Kind.QUESTION, onward, TIMEOUT_MILLIS, new Backward(member, reply));
  }

  /** Passes the client's answer on as it is. */
  private record Backward(ConsumerClient member, Reply reply) implements ClientAnswer {

    @Override
    public void answered(Command response) {
      reply.send(
          Command.response(
              reply.request(),
              response.code(),
              response.remark(),
              response.fields(),
              response.body()));
    }

    @Override
    public void late(String why) {
      reply.fail(ResponseCode.CONSUME_MSG_TIMEOUT, "consumer " + member.clientId() + ": " + why);
    }

    @Override
    public void gone() {
      reply.fail(
          ResponseCode.CONSUMER_NOT_ONLINE,
          "consumer " + member.clientId() + " has gone meanwhile");
    }
  }
}
