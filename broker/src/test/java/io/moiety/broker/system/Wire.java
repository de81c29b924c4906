package io.moiety.broker.system;

import io.moiety.client.AckSpan;
import io.moiety.client.Branch;
import io.moiety.client.BranchPart;
import io.moiety.client.ClientConfig;
import io.moiety.client.ClientEvents;
import io.moiety.client.ConsumerSession;
import io.moiety.client.ConsumerSpec;
import io.moiety.client.Delivery;
import io.moiety.client.MoietyClient;
import io.moiety.client.OutgoingMessage;
import io.moiety.client.SendReceipt;
import io.moiety.client.SessionConsumer;
import io.moiety.protocol.BranchXid;
import io.moiety.protocol.MessageProperties;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A connected client with one session, in short words and with every wait bounded. */
final class Wire implements AutoCloseable {
  private static final int MAX_BYTES = 4 * 1024 * 1024;

  final MoietyClient client;
  private final ConsumerSession session;

  private Wire(MoietyClient client, ConsumerSession session) {
    this.client = client;
    this.session = session;
  }

  static Wire connect(int port) {
    ClientConfig config =
        ClientConfig.builder().addresses("127.0.0.1:" + port).clientId("wire").build();
    MoietyClient client = await(MoietyClient.connect(config, ClientEvents.IGNORED));
    return new Wire(client, await(client.openSession()));
  }

  static <T> T await(CompletableFuture<T> future) {
    try {
      return future.get(60, TimeUnit.SECONDS);
    } catch (ExecutionException failed) {
      if (failed.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw new AssertionError(failed);
    } catch (InterruptedException | TimeoutException failed) {
      throw new AssertionError(failed);
    }
  }

  static OutgoingMessage message(
      String topic, String body, MessageProperties properties, Optional<BranchPart> branch) {
    return new OutgoingMessage(
        topic,
        0,
        properties,
        ByteBuffer.wrap(body.getBytes(StandardCharsets.UTF_8)),
        0,
        0,
        System.currentTimeMillis(),
        branch);
  }

  SendReceipt send(String topic, String body) {
    return send(topic, body, MessageProperties.empty());
  }

  SendReceipt send(String topic, String body, MessageProperties properties) {
    return await(client.send(message(topic, body, properties, Optional.empty())));
  }

  void send(String topic, String body, Branch branch, int sequence) {
    await(
        client.send(
            message(topic, body, MessageProperties.empty(), Optional.of(branch.part(sequence)))));
  }

  BranchXid xid(int number) {
    return new BranchXid(
        7, Integer.toString(number).getBytes(StandardCharsets.US_ASCII), new byte[] {1});
  }

  SessionConsumer consumer(String topic) {
    return consumer(topic, 0);
  }

  SessionConsumer consumer(String group, String topic) {
    return session.openConsumer(ConsumerSpec.of(group, topic));
  }

  SessionConsumer consumer(String topic, int maxDeliveries) {
    return session.openConsumer(
        new ConsumerSpec(topic, topic, maxDeliveries, Optional.empty(), Optional.empty()));
  }

  List<Delivery> receive(SessionConsumer consumer, int maxMessages, long waitMillis) {
    return await(consumer.receive(maxMessages, MAX_BYTES, waitMillis, true));
  }

  void acknowledge(List<Delivery> deliveries) {
    await(session.acknowledge(deliveries.stream().map(AckSpan::of).toList(), Optional.empty()));
  }

  void acknowledge(List<Delivery> deliveries, Branch branch) {
    await(session.acknowledge(deliveries.stream().map(AckSpan::of).toList(), Optional.of(branch)));
  }

  void recover() {
    await(session.recover());
  }

  static String body(Delivery delivery) {
    return StandardCharsets.UTF_8.decode(delivery.record().body()).toString();
  }

  /** Takes and acknowledges everything that can be had now. */
  List<String> drain(String topic) {
    SessionConsumer consumer = consumer(topic);
    List<String> bodies = new ArrayList<>();
    List<Delivery> batch = receive(consumer, 500, 0);
    while (!batch.isEmpty()) {
      batch.forEach(delivery -> bodies.add(body(delivery)));
      acknowledge(batch);
      batch = receive(consumer, 500, 0);
    }
    await(consumer.close());
    return bodies;
  }

  @Override
  public void close() {
    client.close();
  }
}
