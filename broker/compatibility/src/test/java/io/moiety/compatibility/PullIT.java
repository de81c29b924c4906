package io.moiety.compatibility;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.rocketmq.client.consumer.DefaultMQPullConsumer;
import org.apache.rocketmq.client.consumer.PullCallback;
import org.apache.rocketmq.client.consumer.PullResult;
import org.apache.rocketmq.client.consumer.PullStatus;
import org.apache.rocketmq.common.message.MessageQueue;
import org.junit.jupiter.api.Test;

/** Consumers that ask for messages at an offset. */
@OnBroker
@SuppressWarnings("deprecation") // RocketMQ deprecates it and keeps it: applications use it.
class PullIT {

  @Test
  void aPullTellsTheMessagesAndWhereToGoOn(Clients clients) throws Exception {
    MessageQueue queue = clients.queue();
    clients.send(queue, "a", "b", "c");
    PullResult result = clients.pullConsumer(clients.group()).pull(queue, "*", 1, 10);

    assertThat(result.getPullStatus()).isEqualTo(PullStatus.FOUND);
    assertThat(Inbox.bodies(result.getMsgFoundList())).containsExactly("b", "c");
    assertThat(result.getNextBeginOffset()).isEqualTo(3);
    assertThat(result.getMinOffset()).isZero();
    assertThat(result.getMaxOffset()).isEqualTo(3);
  }

  @Test
  void aPullGivesNoMoreMessagesThanItAskedFor(Clients clients) throws Exception {
    MessageQueue queue = clients.queue();
    clients.send(queue, "a", "b", "c");
    PullResult result = clients.pullConsumer(clients.group()).pull(queue, "*", 0, 2);

    assertThat(Inbox.bodies(result.getMsgFoundList())).containsExactly("a", "b");
    assertThat(result.getNextBeginOffset()).isEqualTo(2);
  }

  @Test
  void aPullAtTheEndFindsNothingNew(Clients clients) throws Exception {
    MessageQueue queue = clients.queue();
    clients.send(queue, "a");
    PullResult result = clients.pullConsumer(clients.group()).pull(queue, "*", 1, 10);

    assertThat(result.getPullStatus()).isEqualTo(PullStatus.NO_NEW_MSG);
    assertThat(result.getNextBeginOffset()).isEqualTo(1);
  }

  @Test
  void aPullOfAnEmptyQueueFindsNothingNew(Clients clients) throws Exception {
    MessageQueue queue = clients.queue();
    PullResult result = clients.pullConsumer(clients.group()).pull(queue, "*", 0, 10);

    assertThat(result.getPullStatus()).isEqualTo(PullStatus.NO_NEW_MSG);
    assertThat(result.getNextBeginOffset()).isZero();
  }

  @Test
  void aPullBehindTheEndIsToldTheEnd(Clients clients) throws Exception {
    MessageQueue queue = clients.queue();
    clients.send(queue, "a", "b");
    PullResult result = clients.pullConsumer(clients.group()).pull(queue, "*", 100, 10);

    assertThat(result.getPullStatus()).isEqualTo(PullStatus.OFFSET_ILLEGAL);
    assertThat(result.getNextBeginOffset()).isEqualTo(2);
  }

  @Test
  void aPullThatWaitsIsAnsweredByTheNextMessageAtOnce(Clients clients) throws Exception {
    MessageQueue queue = clients.queue();
    clients.send(queue, "before");
    DefaultMQPullConsumer consumer = clients.pullConsumer(clients.group());
    CompletableFuture<PullResult> answer = new CompletableFuture<>();
    consumer.pullBlockIfNotFound(queue, "*", 1, 10, completing(answer));
    // Answered in order on the connection: this one was there after the waiting one.
    assertThat(consumer.pull(queue, "*", 1, 10).getPullStatus()).isEqualTo(PullStatus.NO_NEW_MSG);
    assertThat(answer).isNotDone();
    long sentNanos = System.nanoTime();
    clients.send(queue, "wakes it");

    assertThat(Inbox.bodies(answer.get(Inbox.LIMIT_SECONDS, TimeUnit.SECONDS).getMsgFoundList()))
        .containsExactly("wakes it");
    assertThat(Duration.ofNanos(System.nanoTime() - sentNanos)).isLessThan(Duration.ofSeconds(5));
  }

  @Test
  void aPullThatWaitsForATagIsAnsweredByThatTag(Clients clients) throws Exception {
    MessageQueue queue = clients.queue();
    clients.send(queue, "before");
    DefaultMQPullConsumer consumer = clients.pullConsumer(clients.group());
    CompletableFuture<PullResult> answer = new CompletableFuture<>();
    consumer.pullBlockIfNotFound(queue, "wanted", 1, 10, completing(answer));
    clients.producer().send(Clients.tagged(queue.getTopic(), "wanted", "for it"), queue);

    assertThat(Inbox.bodies(answer.get(Inbox.LIMIT_SECONDS, TimeUnit.SECONDS).getMsgFoundList()))
        .containsExactly("for it");
  }

  @Test
  void theQueuesToReadAreThoseOfTheTopic(Clients clients) throws Exception {
    String topic = clients.topic(3);

    assertThat(clients.pullConsumer(clients.group()).fetchSubscribeMessageQueues(topic))
        .extracting(MessageQueue::getQueueId)
        .containsExactlyInAnyOrder(0, 1, 2);
  }

  private static PullCallback completing(CompletableFuture<PullResult> answer) {
    return new PullCallback() {
      @Override
      public void onSuccess(PullResult result) {
        answer.complete(result);
      }

      @Override
      public void onException(Throwable failure) {
        answer.completeExceptionally(failure);
      }
    };
  }
}
