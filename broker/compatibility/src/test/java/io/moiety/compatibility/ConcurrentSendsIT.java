package io.moiety.compatibility;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.rocketmq.client.consumer.DefaultMQPullConsumer;
import org.apache.rocketmq.client.producer.DefaultMQProducer;
import org.apache.rocketmq.client.producer.SendResult;
import org.apache.rocketmq.common.message.MessageExt;
import org.apache.rocketmq.common.message.MessageQueue;
import org.junit.jupiter.api.Test;

/** Many threads that send through one producer, and so over one connection, at once. */
@OnBroker("flushDiskType=SYNC_FLUSH")
@SuppressWarnings("deprecation") // The old pull consumer reads at an offset that it is told.
class ConcurrentSendsIT {
  private static final int THREADS = 64;

  @Test
  void eachOfManySendsIsAnsweredWithItsOwnPlace(Clients clients) throws Exception {
    MessageQueue queue = clients.queue();
    DefaultMQProducer producer = clients.producer();
    List<SendResult> results = new ArrayList<>();
    ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    clients.atEnd(threads::shutdownNow);
    CountDownLatch together = new CountDownLatch(THREADS);
    List<Future<SendResult>> sends = new ArrayList<>();
    for (int i = 0; i < THREADS; i++) {
      String body = "m" + i;
      sends.add(
          threads.submit(
              () -> {
                together.countDown();
                together.await();
                return producer.send(Clients.message(queue.getTopic(), body), queue);
              }));
    }
    for (Future<SendResult> send : sends) {
      results.add(send.get(Inbox.LIMIT_SECONDS, TimeUnit.SECONDS));
    }

    assertThat(results).extracting(SendResult::getQueueOffset).doesNotHaveDuplicates();
    DefaultMQPullConsumer consumer = clients.pullConsumer(clients.group());
    for (int i = 0; i < THREADS; i++) {
      MessageExt stored =
          consumer.pull(queue, "*", results.get(i).getQueueOffset(), 1).getMsgFoundList().get(0);
      assertThat(Inbox.body(stored)).isEqualTo("m" + i);
      assertThat(stored.getMsgId()).isEqualTo(results.get(i).getMsgId());
    }
  }
}
