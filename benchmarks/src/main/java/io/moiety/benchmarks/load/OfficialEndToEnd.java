package io.moiety.benchmarks.load;

import java.nio.ByteBuffer;
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
 * From the intended time of a send to the listener of a push consumer, both in this JVM and through
 * the official client, at a fixed rate that does not wait for answers: each of some threads has a
 * time for every send, and a send that comes late because the one before took long counts from the
 * time that it was due.
 */
public final class OfficialEndToEnd {

  private static final String TOPIC = "end-to-end";
  private static final int THREADS = 16;
  private static final int BODY_BYTES = 1024;
  private static final long TAIL_SECONDS = 10;

  private final int ratePerSecond;
  private final int warmUpSeconds;
  private final int seconds;
  private final Announcer announcer = new Announcer(System.out);
  private final CountDownLatch firstReceived = new CountDownLatch(1);
  private final AtomicInteger received = new AtomicInteger();
  private final Latencies latencies = new Latencies();
  private volatile long beginNanos = Long.MAX_VALUE;

  private OfficialEndToEnd(Arguments arguments) {
    ratePerSecond = arguments.number("rate");
    warmUpSeconds = arguments.number("warmUp");
    seconds = arguments.number("seconds");
  }

  /** With {@code nameServer}, {@code rate}, {@code warmUp}, {@code seconds}. */
  public static void main(String[] texts) throws Exception {
    Arguments arguments = Arguments.parse(texts);
    OfficialEndToEnd endToEnd = new OfficialEndToEnd(arguments);
    DefaultMQProducer producer = OfficialProducer.started(arguments);
    DefaultMQPushConsumer consumer = new DefaultMQPushConsumer("moiety-benchmark-consumers");
    try {
      OfficialProducer.sendFirst(producer, message(0));
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

  private static Message message(long intendedNanos) {
    return new Message(TOPIC, ByteBuffer.allocate(BODY_BYTES).putLong(intendedNanos).array());
  }

  private ConsumeConcurrentlyStatus received(List<MessageExt> messages) {
    long now = System.nanoTime();
    for (MessageExt message : messages) {
      long intendedNanos = ByteBuffer.wrap(message.getBody()).getLong();
      if (intendedNanos >= beginNanos) {
        synchronized (latencies) {
          latencies.add(now - intendedNanos);
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
      numbers.put("p50", latencies.percentileMillis(50));
      numbers.put("p99", latencies.percentileMillis(99));
      numbers.put("max", latencies.percentileMillis(100));
    }
    announcer.result(numbers);
  }
}
