package io.moiety.compatibility;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.rocketmq.client.consumer.DefaultMQPushConsumer;
import org.apache.rocketmq.client.consumer.listener.ConsumeConcurrentlyStatus;
import org.apache.rocketmq.client.exception.MQBrokerException;
import org.apache.rocketmq.client.exception.RequestTimeoutException;
import org.apache.rocketmq.client.producer.DefaultMQProducer;
import org.apache.rocketmq.client.utils.MessageUtil;
import org.apache.rocketmq.common.message.Message;
import org.apache.rocketmq.common.message.MessageAccessor;
import org.apache.rocketmq.common.message.MessageExt;
import org.junit.jupiter.api.Test;

/** Requests and their replies. */
@OnBroker
class RequestReplyIT {

  private static final long TIMEOUT_MILLIS = 30_000;

  @Test
  void aRequestGetsTheReplyOfItsConsumer(Clients clients) throws Exception {
    String topic = clients.topic(1);
    replier(clients, topic);
    Message reply = requester(clients).request(Clients.message(topic, "ping"), TIMEOUT_MILLIS);

    assertThat(new String(reply.getBody(), UTF_8)).isEqualTo("reply to ping");
  }

  @Test
  void eachOfManyRequestsGetsItsOwnReply(Clients clients) throws Exception {
    String topic = clients.topic(1);
    replier(clients, topic);
    DefaultMQProducer requester = requester(clients);
    for (int i = 0; i < 20; i++) {
      Message reply = requester.request(Clients.message(topic, "r" + i), TIMEOUT_MILLIS);
      assertThat(new String(reply.getBody(), UTF_8)).isEqualTo("reply to r" + i);
    }
  }

  @Test
  void aRequestThatNobodyAnswersTimesOut(Clients clients) throws Exception {
    String topic = clients.topic(1);
    DefaultMQProducer requester = requester(clients);

    assertThatThrownBy(() -> requester.request(Clients.message(topic, "ping"), 1_000))
        .isInstanceOf(RequestTimeoutException.class);
  }

  @Test
  void aReplyToARequesterThatIsGoneIsRefused(Clients clients) throws Exception {
    String topic = clients.topic(1);
    CompletableFuture<MessageExt> request = new CompletableFuture<>();
    clients.consume(
        clients.pushConsumer(clients.group()),
        topic,
        "*",
        (batch, context) -> {
          request.complete(batch.get(0));
          return ConsumeConcurrentlyStatus.CONSUME_SUCCESS;
        });
    DefaultMQProducer requester = requester(clients);
    assertThatThrownBy(() -> requester.request(Clients.message(topic, "ping"), 1_000))
        .isInstanceOf(RequestTimeoutException.class);
    Message reply =
        MessageUtil.createReplyMessage(
            request.get(Inbox.LIMIT_SECONDS, TimeUnit.SECONDS), "late".getBytes(UTF_8));
    MessageAccessor.putProperty(reply, "REPLY_TO_CLIENT", "nobody@nowhere");

    assertThatThrownBy(() -> clients.producer().send(reply))
        .satisfies(refused -> assertThat(broker(refused).getResponseCode()).isEqualTo(1))
        .hasStackTraceContaining("not found");
  }

  private static MQBrokerException broker(Throwable thrown) {
    Throwable cause = thrown;
    while (!(cause instanceof MQBrokerException)) {
      assertThat(cause.getCause()).as("cause of %s", cause).isNotNull();
      cause = cause.getCause();
    }
    return (MQBrokerException) cause;
  }

  private static DefaultMQProducer requester(Clients clients) throws Exception {
    return clients.started(clients.apart(new DefaultMQProducer(clients.group())));
  }

  private static void replier(Clients clients, String topic) throws Exception {
    DefaultMQProducer replies = clients.producer();
    DefaultMQPushConsumer consumer = clients.pushConsumer(clients.group());
    clients.consume(
        consumer,
        topic,
        "*",
        (batch, context) -> {
          for (MessageExt request : batch) {
            try {
              byte[] body = ("reply to " + Inbox.body(request)).getBytes(UTF_8);
              replies.send(MessageUtil.createReplyMessage(request, body));
            } catch (Exception e) {
              return ConsumeConcurrentlyStatus.RECONSUME_LATER;
            }
          }
          return ConsumeConcurrentlyStatus.CONSUME_SUCCESS;
        });
  }
}
