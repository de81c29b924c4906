package io.moiety.benchmarks.load;

import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.rocketmq.client.consumer.DefaultMQPushConsumer;
import org.apache.rocketmq.client.consumer.listener.ConsumeConcurrentlyStatus;
import org.apache.rocketmq.client.consumer.listener.MessageListenerConcurrently;
import org.apache.rocketmq.client.producer.DefaultMQProducer;
import org.apache.rocketmq.common.consumer.ConsumeFromWhere;
import org.apache.rocketmq.common.message.Message;

/**
 * How soon a push consumer at rest has a message: from the call of the send to the listener, both
 * in this JVM and through the official client. Each send waits until the message before it was
 * received and the consumer has come to rest again, so that it meets pulls that wait at the broker.
 */
public final class OfficialWake {

  private static final String TOPIC = "wake";
  private static final int BODY_BYTES = 1024;
  private static final int MILLIS_AT_REST = 50;
  private static final int RECEIVE_LIMIT_SECONDS = 60;

  private final DefaultMQProducer producer;
  private final BlockingQueue<Long> nanos = new LinkedBlockingQueue<>();

  private OfficialWake(DefaultMQProducer producer) {
    this.producer = producer;
  }

  /** With {@code nameServer}, {@code warmUp}, {@code seconds}. */
  public static void main(String[] texts) throws Exception {
    Arguments arguments = Arguments.parse(texts);
    OfficialWake wake = new OfficialWake(OfficialProducer.started(arguments));
    DefaultMQPushConsumer consumer = new DefaultMQPushConsumer("moiety-benchmark-wakers");
    try {
      OfficialProducer.sendFirst(wake.producer, message());
      consumer.setNamesrvAddr(arguments.text("nameServer"));
      consumer.setConsumeFromWhere(ConsumeFromWhere.CONSUME_FROM_FIRST_OFFSET);
      consumer.subscribe(TOPIC, "*");
      consumer.registerMessageListener(wake.listener());
      consumer.start();
      wake.received();
      wake.run(arguments.number("warmUp"), arguments.number("seconds"));
    } finally {
      consumer.shutdown();
      wake.producer.shutdown();
    }
  }

  private MessageListenerConcurrently listener() {
    return (messages, context) -> {
      long now = System.nanoTime();
      messages.forEach(one -> nanos.add(now - ByteBuffer.wrap(one.getBody()).getLong()));
      return ConsumeConcurrentlyStatus.CONSUME_SUCCESS;
    };
  }

  private void run(int warmUpSeconds, int seconds) throws Exception {
    Announcer announcer = new Announcer(System.out);
    measured(warmUpSeconds);
    announcer.tell(Announcer.MEASURING);
    Latencies latencies = measured(seconds);
    announcer.tell(Announcer.MEASURED);
    Map<String, Double> numbers = new LinkedHashMap<>();
    numbers.put("count", (double) latencies.count());
    numbers.put("p50", latencies.percentileMillis(50));
    numbers.put("p99", latencies.percentileMillis(99));
    announcer.result(numbers);
  }

  /** Sends one message at a time, at least one. */
  private Latencies measured(int seconds) throws Exception {
    Latencies latencies = new Latencies();
    long untilNanos = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
    do {
      TimeUnit.MILLISECONDS.sleep(MILLIS_AT_REST);
      OfficialProducer.require(producer.send(message()));
      latencies.add(received());
    } while (System.nanoTime() < untilNanos);
    return latencies;
  }

  private long received() throws InterruptedException {
    Long latency = nanos.poll(RECEIVE_LIMIT_SECONDS, TimeUnit.SECONDS);
    if (latency == null) {
      throw new IllegalStateException(
          "a message was not received within " + RECEIVE_LIMIT_SECONDS + " s");
    }
    return latency;
  }

  private static Message message() {
    return new Message(TOPIC, ByteBuffer.allocate(BODY_BYTES).putLong(System.nanoTime()).array());
  }
}
