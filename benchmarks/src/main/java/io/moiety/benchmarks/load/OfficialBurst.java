package io.moiety.benchmarks.load;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.rocketmq.client.consumer.DefaultMQPushConsumer;
import org.apache.rocketmq.client.consumer.listener.ConsumeConcurrentlyStatus;
import org.apache.rocketmq.client.consumer.listener.MessageListenerConcurrently;
import org.apache.rocketmq.client.producer.DefaultMQProducer;
import org.apache.rocketmq.common.consumer.ConsumeFromWhere;
import org.apache.rocketmq.common.message.Message;
import org.apache.rocketmq.common.message.MessageExt;

/**
 * Many messages that are due at the same millisecond: how fast they reach the listener of a push
 * consumer from then on, beside how fast as many are sent without a delay.
 */
public final class OfficialBurst {

  private static final String PLAIN_TOPIC = "burst-plain";
  private static final String TOPIC = "burst";
  private static final int MESSAGES = 20_000;
  private static final int THREADS = 16;
  private static final int BODY_BYTES = 1024;
  private static final long AHEAD_MILLIS = 10_000;
  private static final long RECEIVE_LIMIT_MILLIS = 60_000;

  private final DefaultMQProducer producer;
  private final ExecutorService pool = Executors.newFixedThreadPool(THREADS);

  private long dueMillis;
  private int received;
  private int early;
  private long lastNanos;

  private OfficialBurst(DefaultMQProducer producer) {
    this.producer = producer;
  }

  /** With {@code nameServer}. */
  public static void main(String[] texts) throws Exception {
    Arguments arguments = Arguments.parse(texts);
    OfficialBurst burst = new OfficialBurst(OfficialProducer.started(arguments));
    DefaultMQPushConsumer consumer = new DefaultMQPushConsumer("moiety-benchmark-burst");
    try {
      OfficialProducer.sendFirst(burst.producer, new Message(PLAIN_TOPIC, body(0)));
      OfficialProducer.sendFirst(burst.producer, new Message(TOPIC, body(0)));
      consumer.setNamesrvAddr(arguments.text("nameServer"));
      consumer.setConsumeFromWhere(ConsumeFromWhere.CONSUME_FROM_FIRST_OFFSET);
      consumer.subscribe(TOPIC, "*");
      consumer.registerMessageListener(
          (MessageListenerConcurrently) (messages, context) -> burst.received(messages));
      consumer.start();
      burst.run();
    } finally {
      consumer.shutdown();
      burst.pool.shutdownNow();
      burst.producer.shutdown();
    }
  }

  /** Twice, of which the second counts. */
  private void run() throws Exception {
    Announcer announcer = new Announcer(System.out);
    plainPerSecond();
    deliveredPerSecond();
    announcer.tell(Announcer.MEASURING);
    Map<String, Double> numbers = new LinkedHashMap<>();
    numbers.put("plain", plainPerSecond());
    numbers.put("delivered", deliveredPerSecond());
    announcer.tell(Announcer.MEASURED);
    numbers.put("early", (double) early());
    announcer.result(numbers);
  }

  private double plainPerSecond() throws Exception {
    long start = System.nanoTime();
    sendAll(() -> new Message(PLAIN_TOPIC, body(0)));
    return MESSAGES / seconds(System.nanoTime() - start);
  }

  /** From the time that all were due to the last one's arrival. */
  private double deliveredPerSecond() throws Exception {
    long due = (System.currentTimeMillis() + AHEAD_MILLIS) / 1_000 * 1_000;
    begin(due);
    sendAll(
        () -> {
          Message message = new Message(TOPIC, body(due));
          message.setDeliverTimeMs(due);
          return message;
        });
    long aheadMillis = due - System.currentTimeMillis();
    if (aheadMillis <= 0) {
      throw new IllegalStateException("sending took until after the messages were due");
    }
    long dueNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(aheadMillis);
    return MESSAGES / seconds(awaitLast() - dueNanos);
  }

  private void sendAll(Supplier<Message> messages) throws Exception {
    List<Future<?>> running = new ArrayList<>();
    for (int thread = 0; thread < THREADS; thread++) {
      running.add(
          pool.submit(
              () -> {
                for (int i = 0; i < MESSAGES / THREADS; i++) {
                  OfficialProducer.require(producer.send(messages.get()));
                }
                return null;
              }));
    }
    for (Future<?> one : running) {
      one.get();
    }
  }

  private synchronized void begin(long due) {
    dueMillis = due;
    received = 0;
    early = 0;
  }

  private synchronized int early() {
    return early;
  }

  private synchronized ConsumeConcurrentlyStatus received(List<MessageExt> messages) {
    long now = System.currentTimeMillis();
    for (MessageExt message : messages) {
      if (ByteBuffer.wrap(message.getBody()).getLong() == dueMillis) {
        received++;
        early += now < dueMillis ? 1 : 0;
      }
    }
    if (received == MESSAGES) {
      lastNanos = System.nanoTime();
      notifyAll();
    }
    return ConsumeConcurrentlyStatus.CONSUME_SUCCESS;
  }

  private synchronized long awaitLast() throws InterruptedException {
    long until = System.currentTimeMillis() + RECEIVE_LIMIT_MILLIS;
    while (received < MESSAGES) {
      long rest = until - System.currentTimeMillis();
      if (rest <= 0) {
        throw new IllegalStateException(
            "%d of %d messages were not received within %d s"
                .formatted(MESSAGES - received, MESSAGES, RECEIVE_LIMIT_MILLIS / 1_000));
      }
      wait(rest);
    }
    return lastNanos;
  }

  private static byte[] body(long due) {
    return ByteBuffer.allocate(BODY_BYTES).putLong(due).array();
  }

  private static double seconds(long nanos) {
    return nanos / 1e9;
  }
}
