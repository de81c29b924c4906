package io.moiety.compatibility;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.apache.rocketmq.client.consumer.listener.ConsumeConcurrentlyStatus;
import org.apache.rocketmq.client.consumer.listener.ConsumeOrderlyStatus;
import org.apache.rocketmq.client.consumer.listener.MessageListenerConcurrently;
import org.apache.rocketmq.client.consumer.listener.MessageListenerOrderly;
import org.apache.rocketmq.common.message.MessageExt;

/** What a push consumer was given, in the order of its coming. Any number of threads fill it. */
final class Inbox {

  /** Generous: a client whose first attempt met a race waits for its next turn. */
  static final int LIMIT_SECONDS = 60;

  private final BlockingQueue<MessageExt> messages = new LinkedBlockingQueue<>();

  /** A listener that says CONSUME_SUCCESS to all. */
  MessageListenerConcurrently listener() {
    return listener(message -> ConsumeConcurrentlyStatus.CONSUME_SUCCESS);
  }

  /** The message is in this box when the answer is asked for. */
  MessageListenerConcurrently listener(Function<MessageExt, ConsumeConcurrentlyStatus> answer) {
    return (batch, context) -> {
      ConsumeConcurrentlyStatus status = ConsumeConcurrentlyStatus.CONSUME_SUCCESS;
      for (MessageExt message : batch) {
        messages.add(message);
        if (answer.apply(message) == ConsumeConcurrentlyStatus.RECONSUME_LATER) {
          status = ConsumeConcurrentlyStatus.RECONSUME_LATER;
        }
      }
      return status;
    };
  }

  /** A listener in order that says SUCCESS to all. */
  MessageListenerOrderly orderly() {
    return orderly(message -> ConsumeOrderlyStatus.SUCCESS);
  }

  /** As {@link #listener(Function)}; another answer to one message than SUCCESS is that to all. */
  MessageListenerOrderly orderly(Function<MessageExt, ConsumeOrderlyStatus> answer) {
    return (batch, context) -> {
      ConsumeOrderlyStatus status = ConsumeOrderlyStatus.SUCCESS;
      for (MessageExt message : batch) {
        messages.add(message);
        ConsumeOrderlyStatus one = answer.apply(message);
        status = one == ConsumeOrderlyStatus.SUCCESS ? status : one;
      }
      return status;
    };
  }

  /** The next message, which has to come. */
  MessageExt take() throws InterruptedException {
    MessageExt message = messages.poll(LIMIT_SECONDS, TimeUnit.SECONDS);
    assertThat(message).as("a message within %d s", LIMIT_SECONDS).isNotNull();
    return message;
  }

  /** The next so many messages, which have to come. */
  List<MessageExt> take(int count) throws InterruptedException {
    List<MessageExt> taken = new ArrayList<>();
    while (taken.size() < count) {
      MessageExt message = messages.poll(LIMIT_SECONDS, TimeUnit.SECONDS);
      assertThat(message)
          .as("message %d of %d, after %s", taken.size() + 1, count, bodies(taken))
          .isNotNull();
      taken.add(message);
    }
    return taken;
  }

  /** Bodies of the next so many messages. */
  List<String> takeBodies(int count) throws InterruptedException {
    return bodies(take(count));
  }

  /** What has come so far and was not taken. */
  List<MessageExt> untaken() {
    return List.copyOf(messages);
  }

  static String body(MessageExt message) {
    return new String(message.getBody(), UTF_8);
  }

  static List<String> bodies(List<MessageExt> messages) {
    return messages.stream().map(Inbox::body).toList();
  }
}
