package io.moiety.benchmarks.load;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.rocketmq.client.consumer.DefaultMQPushConsumer;
import org.apache.rocketmq.client.consumer.listener.ConsumeConcurrentlyStatus;
import org.apache.rocketmq.client.consumer.listener.MessageListenerConcurrently;
import org.apache.rocketmq.client.producer.DefaultMQProducer;
import org.apache.rocketmq.common.consumer.ConsumeFromWhere;
import org.apache.rocketmq.common.message.Message;
import org.apache.rocketmq.common.message.MessageExt;

/**
 * From the time that a message was due to the listener of a push consumer, both in this JVM and
 * through the official client, at a fixed rate that does not wait for answers: each of some threads
 * has a time for every send. A message without a delay is due at that time, also when it was sent
 * late because the send before took long; a delayed one is due when the delay is over, counted in
 * milliseconds of the clock from the call of its send.
 */
public final class OfficialEndToEnd {

  private static final String TOPIC = "end-to-end";
  private static final int THREADS = 16;
  private static final int BODY_BYTES = 1024;
  private static final int DELAY_MILLIS = 1_000;

  /** How a message says when it is to be delivered. */
  private enum Delay {
    NONE,

    /** RocketMQ's first level, a second. */
    LEVEL,

    /** At a millisecond. */
    EXACT
  }

  private final Delay delay;
  private final OpenLoop loop;
  private final CountDownLatch firstReceived = new CountDownLatch(1);

  private OfficialEndToEnd(Arguments arguments) {
    delay = Delay.valueOf(arguments.text("delay"));
    loop = OpenLoop.of(arguments, THREADS, new Announcer(System.out));
  }

  /** With {@code nameServer}, {@code rate}, {@code delay}, {@code warmUp}, {@code seconds}. */
  public static void main(String[] texts) throws Exception {
    Arguments arguments = Arguments.parse(texts);
    OfficialEndToEnd endToEnd = new OfficialEndToEnd(arguments);
    DefaultMQProducer producer = OfficialProducer.started(arguments);
    DefaultMQPushConsumer consumer = new DefaultMQPushConsumer("moiety-benchmark-consumers");
    try {
      OfficialProducer.sendFirst(producer, new Message(TOPIC, body(0, 0)));
      consumer.setNamesrvAddr(arguments.text("nameServer"));
      consumer.setConsumeFromWhere(ConsumeFromWhere.CONSUME_FROM_FIRST_OFFSET);
      consumer.subscribe(TOPIC, "*");
      consumer.registerMessageListener(
          (MessageListenerConcurrently) (messages, context) -> endToEnd.received(messages));
      consumer.start();
      endToEnd.run(producer);
    } finally {
      consumer.shutdown();
      producer.shutdown();
    }
  }

  private void run(DefaultMQProducer producer) throws Exception {
    if (!firstReceived.await(60, TimeUnit.SECONDS)) {
      throw new IllegalStateException("the first message was not received within 60 s");
    }
    loop.run(
        () -> intendedNanos -> OfficialProducer.require(producer.send(message(intendedNanos))));
  }

  private Message message(long intendedNanos) {
    if (delay == Delay.NONE) {
      return new Message(TOPIC, body(intendedNanos, intendedNanos));
    }
    long nanos = System.nanoTime(); // Before the clock: a pause between them makes nothing early.
    Instant now = Instant.now();
    long dueMillis = now.toEpochMilli() + DELAY_MILLIS;
    long untilDue = ChronoUnit.NANOS.between(now, Instant.ofEpochMilli(dueMillis));
    Message message = new Message(TOPIC, body(intendedNanos, nanos + untilDue));
    if (delay == Delay.LEVEL) {
      message.setDelayTimeLevel(1);
    } else {
      message.setDeliverTimeMs(dueMillis);
    }
    return message;
  }

  private static byte[] body(long intendedNanos, long dueNanos) {
    return ByteBuffer.allocate(BODY_BYTES).putLong(intendedNanos).putLong(dueNanos).array();
  }

  private ConsumeConcurrentlyStatus received(List<MessageExt> messages) {
    long now = System.nanoTime();
    for (MessageExt message : messages) {
      ByteBuffer body = ByteBuffer.wrap(message.getBody());
      long intendedNanos = body.getLong();
      loop.received(intendedNanos, now - body.getLong());
    }
    firstReceived.countDown();
    return ConsumeConcurrentlyStatus.CONSUME_SUCCESS;
  }
}
