package io.moiety.compatibility;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.rocketmq.client.consumer.AckCallback;
import org.apache.rocketmq.client.consumer.AckResult;
import org.apache.rocketmq.client.consumer.PopCallback;
import org.apache.rocketmq.client.consumer.PopResult;
import org.apache.rocketmq.client.impl.MQClientAPIImpl;
import org.apache.rocketmq.common.message.MessageExt;
import org.apache.rocketmq.common.message.MessageQueue;
import org.apache.rocketmq.remoting.protocol.RemotingCommand;
import org.apache.rocketmq.remoting.protocol.RequestCode;
import org.apache.rocketmq.remoting.protocol.header.AckMessageRequestHeader;
import org.apache.rocketmq.remoting.protocol.header.ExtraInfoUtil;
import org.apache.rocketmq.remoting.protocol.header.NotificationRequestHeader;
import org.apache.rocketmq.remoting.protocol.header.NotificationResponseHeader;
import org.apache.rocketmq.remoting.protocol.header.PopMessageRequestHeader;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * POP in order, and the question whether there is something to pop, in the client's own requests:
 * its push consumer asks nothing, and does nothing with what it pops in order (5.5.0's service for
 * that is empty). RocketMQ's proxies make these requests.
 */
@OnBroker
@Tag(ClientVersion.ONLY_5)
class PopInOrderIT {
  private static final long LONG_MILLIS = 15_000;
  private static final long SHORT_MILLIS = 1_000;
  private static final long INVISIBLE_MILLIS = 60_000;
  private static final int ANY_QUEUE = -1;

  @Test
  void aQueueGivesNothingUntilWhatItGaveInOrderIsAcknowledged(Clients clients, JudgedBroker broker)
      throws Exception {
    MessageQueue queue = clients.queue();
    Popping popping = new Popping(clients, broker, queue.getTopic());
    clients.send(queue, "a", "b");
    List<MessageExt> first = popping.popInOrder(2, LONG_MILLIS);
    assertThat(Inbox.bodies(first)).containsExactly("a", "b");
    clients.send(queue, "c");
    assertThat(popping.popInOrder(2, SHORT_MILLIS)).isEmpty();

    popping.acknowledge(first.get(0));
    assertThat(popping.popInOrder(2, SHORT_MILLIS)).isEmpty();
    popping.acknowledge(first.get(1));
    assertThat(Inbox.bodies(popping.popInOrder(2, LONG_MILLIS))).containsExactly("c");
  }

  @Test
  void aQuestionIsAnsweredAsSoonAsThereIsSomethingAndTakesNothing(
      Clients clients, JudgedBroker broker) throws Exception {
    MessageQueue queue = clients.queue();
    Popping popping = new Popping(clients, broker, queue.getTopic());
    CompletableFuture<Boolean> waiting =
        CompletableFuture.supplyAsync(() -> popping.ask(LONG_MILLIS));
    clients.send(queue, "a");
    assertThat(waiting.get(Inbox.LIMIT_SECONDS, TimeUnit.SECONDS)).isTrue();
    assertThat(popping.ask(SHORT_MILLIS)).as("it is still there").isTrue();
    assertThat(Inbox.bodies(popping.popInOrder(1, LONG_MILLIS))).containsExactly("a");
  }

  @Test
  void aQuestionIsAnsweredWithNoWhenItsTimeIsOver(Clients clients, JudgedBroker broker)
      throws Exception {
    MessageQueue queue = clients.queue();
    assertThat(new Popping(clients, broker, queue.getTopic()).ask(SHORT_MILLIS)).isFalse();
  }

  /** A group that pops a topic. */
  private static final class Popping {
    private final MQClientAPIImpl api;
    private final String address;
    private final String topic;
    private final String group;

    @SuppressWarnings("deprecation") // Nothing else leads to the client's own requests.
    Popping(Clients clients, JudgedBroker broker, String topic) throws Exception {
      this.api =
          clients.producer().getDefaultMQProducerImpl().getMqClientFactory().getMQClientAPIImpl();
      this.address = broker.brokerAddress();
      this.topic = topic;
      this.group = clients.group();
    }

    List<MessageExt> popInOrder(int maxMessages, long waitMillis) throws Exception {
      PopMessageRequestHeader header = new PopMessageRequestHeader();
      header.setConsumerGroup(group);
      header.setTopic(topic);
      header.setQueueId(ANY_QUEUE);
      header.setMaxMsgNums(maxMessages);
      header.setInvisibleTime(INVISIBLE_MILLIS);
      header.setPollTime(waitMillis);
      header.setBornTime(System.currentTimeMillis());
      header.setInitMode(0);
      header.setExpType("TAG");
      header.setExp("*");
      header.setOrder(true);
      CompletableFuture<PopResult> answer = new CompletableFuture<>();
      api.popMessageAsync(
          "judged",
          address,
          header,
          2 * LONG_MILLIS,
          new PopCallback() {
            @Override
            public void onSuccess(PopResult result) {
              answer.complete(result);
            }

            @Override
            public void onException(Throwable failure) {
              answer.completeExceptionally(failure);
            }
          });
      PopResult result = answer.get(Inbox.LIMIT_SECONDS, TimeUnit.SECONDS);
      return Optional.ofNullable(result.getMsgFoundList()).orElse(List.of());
    }

    void acknowledge(MessageExt message) throws Exception {
      String handle = message.getProperty("POP_CK");
      String[] parts = ExtraInfoUtil.split(handle);
      AckMessageRequestHeader header = new AckMessageRequestHeader();
      header.setConsumerGroup(group);
      header.setTopic(ExtraInfoUtil.getRealTopic(parts, topic, group));
      header.setQueueId(ExtraInfoUtil.getQueueId(parts));
      header.setOffset(ExtraInfoUtil.getQueueOffset(parts));
      header.setExtraInfo(handle);
      CompletableFuture<AckResult> answer = new CompletableFuture<>();
      api.ackMessageAsync(
          address,
          LONG_MILLIS,
          new AckCallback() {
            @Override
            public void onSuccess(AckResult result) {
              answer.complete(result);
            }

            @Override
            public void onException(Throwable failure) {
              answer.completeExceptionally(failure);
            }
          },
          header);
      assertThat(answer.get(Inbox.LIMIT_SECONDS, TimeUnit.SECONDS).getStatus().name())
          .isEqualTo("OK");
    }

    boolean ask(long waitMillis) {
      NotificationRequestHeader header = new NotificationRequestHeader();
      header.setConsumerGroup(group);
      header.setTopic(topic);
      header.setQueueId(ANY_QUEUE);
      header.setPollTime(waitMillis);
      header.setBornTime(System.currentTimeMillis());
      header.setOrder(true);
      try {
        RemotingCommand answer =
            api.getRemotingClient()
                .invokeSync(
                    address,
                    RemotingCommand.createRequestCommand(RequestCode.NOTIFICATION, header),
                    2 * LONG_MILLIS);
        assertThat(answer.getCode()).as("%s", answer.getRemark()).isZero();
        NotificationResponseHeader told =
            answer.decodeCommandCustomHeader(NotificationResponseHeader.class);
        return told.isHasMsg();
      } catch (Exception failure) {
        throw new AssertionError("the question whether there is something to pop failed", failure);
      }
    }
  }
}
