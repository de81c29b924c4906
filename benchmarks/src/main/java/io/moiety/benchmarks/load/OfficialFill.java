package io.moiety.benchmarks.load;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.rocketmq.client.producer.DefaultMQProducer;
import org.apache.rocketmq.common.message.Message;
import org.apache.rocketmq.common.message.MessageQueue;

/**
 * Fills a store through the official client with batches, which a broker stores as single messages:
 * over all topics and their queues in turn.
 */
public final class OfficialFill {

  private static final int THREADS = 4;

  private final DefaultMQProducer producer;
  private final int queues;
  private final int batch;
  private final byte[] body;

  private OfficialFill(DefaultMQProducer producer, Arguments arguments) {
    this.producer = producer;
    this.queues = arguments.number("queues");
    this.batch = arguments.number("batch");
    this.body = new byte[arguments.number("bytes")];
  }

  /**
   * With {@code nameServer}, {@code topics}, {@code queues}, {@code batches}, {@code batch} (the
   * messages of one), {@code bytes} (of one message's body).
   */
  public static void main(String[] texts) throws Exception {
    Arguments arguments = Arguments.parse(texts);
    DefaultMQProducer producer = OfficialProducer.started(arguments);
    try {
      long begin = System.nanoTime();
      new OfficialFill(producer, arguments)
          .fill(arguments.number("topics"), arguments.number("batches"));
      new Announcer(System.out).result(Map.of("seconds", (System.nanoTime() - begin) / 1e9));
    } finally {
      producer.shutdown();
    }
  }

  private void fill(int topics, int batches) throws Exception {
    ExecutorService pool = Executors.newFixedThreadPool(THREADS);
    try {
      List<MessageQueue> firstQueues = new ArrayList<>();
      for (int i = 0; i < topics; i++) {
        String topic = "fill-" + i;
        firstQueues.add(
            OfficialProducer.sendFirst(producer, new Message(topic, body)).getMessageQueue());
      }
      AtomicInteger next = new AtomicInteger();
      List<Future<?>> running = new ArrayList<>();
      for (int i = 0; i < THREADS; i++) {
        running.add(pool.submit(() -> sendBatches(firstQueues, next, batches)));
      }
      for (Future<?> one : running) {
        one.get();
      }
    } finally {
      pool.shutdownNow();
    }
  }

  private Void sendBatches(List<MessageQueue> firstQueues, AtomicInteger next, int batches)
      throws Exception {
    int turn = next.getAndIncrement();
    while (turn < batches) {
      MessageQueue first = firstQueues.get(turn % firstQueues.size());
      int queueId = turn / firstQueues.size() % queues;
      List<Message> messages = new ArrayList<>(batch);
      for (int i = 0; i < batch; i++) {
        messages.add(new Message(first.getTopic(), body));
      }
      OfficialProducer.require(
          producer.send(
              messages, new MessageQueue(first.getTopic(), first.getBrokerName(), queueId)));
      turn = next.getAndIncrement();
    }
    return null;
  }
}
