package io.moiety.benchmarks.load;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
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
  private static final long TAIL_SECONDS = 10;

  /** How a message says when it is to be delivered. */
  private enum Delay {
    NONE,

    /** RocketMQ's first level, a second. */
    LEVEL,

    /** At a millisecond. */
    EXACT
  }

  private final Delay delay;
  private final int ratePerSecond;
  private final int warmUpSeconds;
  private final int seconds;
  private final Announcer announcer = new Announcer(System.out);
  private final CountDownLatch firstReceived = new CountDownLatch(1);
  private final AtomicInteger received = new AtomicInteger();
  private final Latencies latencies = new Latencies();
  private volatile long beginNanos = Long.MAX_VALUE;

  private OfficialEndToEnd(Arguments arguments) {
    delay = Delay.valueOf(arguments.text("delay"));
    ratePerSecond = arguments.number("rate");
    warmUpSeconds = arguments.number("warmUp");
    seconds = arguments.number("seconds");
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
    long startNanos = System.nanoTime();
    beginNanos = startNanos + TimeUnit.SECONDS.toNanos(warmUpSeconds);
    ExecutorService pool = Executors.newFixedThreadPool(THREADS);
    try {
      List<Future<Integer>> running = new ArrayList<>();
      for (int i = 0; i < THREADS; i++) {
        int thread = i;
        running.add(pool.submit(() -> sendOnTime(producer, startNanos, thread)));
      }
      TimeUnit.SECONDS.sleep(warmUpSeconds);
      announcer.tell(Announcer.MEASURING);
      TimeUnit.SECONDS.sleep(seconds);
      announcer.tell(Announcer.MEASURED);
      int sent = 0;
      for (Future<Integer> one : running) {
        sent += one.get();
      }
      announce(sent);
    } finally {
      pool.shutdownNow();
    }
  }

  /** Returns how many sends of the measured time were answered. */
  private int sendOnTime(DefaultMQProducer producer, long startNanos, int thread) throws Exception {
    double intervalNanos = 1e9 / ratePerSecond;
    long endNanos = beginNanos + TimeUnit.SECONDS.toNanos(seconds);
    int measured = 0;
    for (long turn = thread; ; turn += THREADS) {
      long intendedNanos = startNanos + (long) (turn * intervalNanos);
      if (intendedNanos >= endNanos) {
        return measured;
      }
      for (long rest = intendedNanos - System.nanoTime();
          rest > 0;
          rest = intendedNanos - System.nanoTime()) {
        LockSupport.parkNanos(this, rest);
      }
      OfficialProducer.require(producer.send(message(intendedNanos)));
      if (intendedNanos >= beginNanos) {
        measured++;
      }
    }
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
      if (body.getLong() >= beginNanos) {
        synchronized (latencies) {
          latencies.add(now - body.getLong());
        }
        received.incrementAndGet();
      }
    }
    firstReceived.countDown();
    return ConsumeConcurrentlyStatus.CONSUME_SUCCESS;
  }

  private void announce(int sent) throws InterruptedException {
    long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(TAIL_SECONDS);
    while (received.get() < sent && System.nanoTime() < until) {
      TimeUnit.MILLISECONDS.sleep(10);
    }
    int missing = sent - received.get();
    if (missing > 0) {
      throw new IllegalStateException(
          missing + " of " + sent + " messages were not received within " + TAIL_SECONDS + " s");
    }
    Map<String, Double> numbers = new LinkedHashMap<>();
    synchronized (latencies) {
      numbers.put("count", (double) sent);
      numbers.put("min", latencies.percentileMillis(0));
      numbers.put("p50", latencies.percentileMillis(50));
      numbers.put("p99", latencies.percentileMillis(99));
      numbers.put("max", latencies.percentileMillis(100));
    }
    announcer.result(numbers);
  }
}
