package io.moiety.compatibility;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import org.apache.rocketmq.client.consumer.DefaultMQPullConsumer;
import org.apache.rocketmq.client.consumer.DefaultMQPushConsumer;
import org.apache.rocketmq.client.consumer.MessageSelector;
import org.apache.rocketmq.client.consumer.PullResult;
import org.apache.rocketmq.client.exception.MQClientException;
import org.apache.rocketmq.common.message.Message;
import org.apache.rocketmq.common.message.MessageExt;
import org.apache.rocketmq.common.message.MessageQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Subscriptions by an expression of SQL92 on properties. */
@OnBroker
@SuppressWarnings("deprecation") // RocketMQ deprecates it and keeps it: applications use it.
class SelectorIT {

  /** Of the messages that {@link #orders} sends. */
  @ParameterizedTest(name = "{0} chooses {1}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          price > 10                                    | dear shoe
          price >= 10                                   | shirt, dear shoe
          price < 10                                    | cheap shoe
          price <= 10                                   | cheap shoe, shirt
          price = 10                                    | shirt
          price <> 10                                   | cheap shoe, dear shoe
          price BETWEEN 5 AND 10                        | cheap shoe, shirt
          price NOT BETWEEN 5 AND 10                    | dear shoe
          weight > 1.4                                  | dear shoe
          kind = 'shoe'                                 | cheap shoe, dear shoe
          kind <> 'shoe'                                | shirt
          kind IN ('shirt', 'hat')                      | shirt
          kind NOT IN ('shirt', 'hat')                  | cheap shoe, dear shoe
          price IS NULL                                 | bare
          price IS NOT NULL                             | cheap shoe, shirt, dear shoe
          sold = TRUE                                   | shirt
          sold = FALSE                                  | cheap shoe, dear shoe
          kind = 'shoe' AND price > 10                  | dear shoe
          kind = 'shirt' OR price > 10                  | shirt, dear shoe
          kind = 'shoe' AND NOT (price > 10)            | cheap shoe
          (kind = 'shirt' OR price > 10) AND sold = TRUE | shirt
          TAGS = 'sale'                                 | cheap shoe
          TAGS IN ('sale', 'new') AND price > 5         | dear shoe
          TAGS IS NOT NULL                              | cheap shoe, dear shoe
          """)
  void anExpressionChooses(String expression, String chosen, Clients clients) throws Exception {
    MessageQueue queue = orders(clients);
    PullResult result = pull(clients, queue, expression);

    assertThat(Inbox.bodies(result.getMsgFoundList())).containsExactly(chosen.split(", "));
    assertThat(result.getNextBeginOffset()).isEqualTo(4);
  }

  @Test
  void aPushConsumerGetsWhatItsExpressionChooses(Clients clients) throws Exception {
    MessageQueue queue = orders(clients);
    Inbox inbox = new Inbox();
    DefaultMQPushConsumer consumer = clients.pushConsumer(clients.group());
    consumer.subscribe(queue.getTopic(), MessageSelector.bySql("price > 10 OR kind = 'shirt'"));
    consumer.registerMessageListener(inbox.listener());
    clients.started(consumer);

    assertThat(inbox.takeBodies(2)).containsExactlyInAnyOrder("shirt", "dear shoe");
    clients.producer().send(order(queue, "another shirt", "shirt", "10", "1", "false"), queue);
    assertThat(inbox.takeBodies(1)).containsExactly("another shirt");
  }

  @Test
  void anExpressionIsNotWokenByWhatItDoesNotChoose(Clients clients) throws Exception {
    MessageQueue queue = clients.queue();
    Inbox inbox = new Inbox();
    DefaultMQPushConsumer consumer = clients.pushConsumer(clients.group());
    consumer.subscribe(queue.getTopic(), MessageSelector.bySql("price > 10"));
    consumer.registerMessageListener(inbox.listener());
    clients.started(consumer);
    clients.producer().send(order(queue, "cheap", "hat", "1", "1", "true"), queue);
    clients.producer().send(order(queue, "dear", "hat", "100", "1", "true"), queue);

    List<MessageExt> taken = inbox.take(1);
    assertThat(Inbox.bodies(taken)).containsExactly("dear");
  }

  @Test
  void aTextWhereANumberIsComparedIsNotChosen(Clients clients) throws Exception {
    MessageQueue queue = clients.queue();
    clients.producer().send(order(queue, "text", "hat", "many", "1", "true"), queue);
    clients.producer().send(order(queue, "number", "hat", "11", "1", "true"), queue);

    assertThat(pull(clients, queue, "price > 10").getMsgFoundList())
        .extracting(Inbox::body)
        .containsExactly("number");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          price >
          price > 10 AND
          (price > 10
          price BETWEEN 1
          """)
  void aConsumerWithAnExpressionThatIsNoneDoesNotStart(String expression, Clients clients)
      throws Exception {
    String topic = clients.topic(1);
    DefaultMQPushConsumer consumer = clients.pushConsumer(clients.group());
    consumer.subscribe(topic, MessageSelector.bySql(expression));
    consumer.registerMessageListener(new Inbox().listener());

    try {
      assertThatThrownBy(consumer::start)
          .isInstanceOf(MQClientException.class)
          .extracting(refused -> ((MQClientException) refused).getResponseCode())
          .isEqualTo(23);
    } finally {
      consumer.shutdown();
    }
  }

  @Test
  void aPullWithAnExpressionThatIsNoneIsRefused(Clients clients) throws Exception {
    Judged.knownDefectOfTheOriginal("a pull with an expression that cannot be parsed is answered");
    MessageQueue queue = orders(clients);

    BrokerAnswer.assertCode(23, () -> pull(clients, queue, "price >"));
  }

  private static PullResult pull(Clients clients, MessageQueue queue, String expression)
      throws Exception {
    DefaultMQPullConsumer consumer = clients.pullConsumer(clients.group());
    return await()
        .atMost(Duration.ofSeconds(Inbox.LIMIT_SECONDS))
        .ignoreExceptionsMatching(SelectorIT::isBeforeTheFirstHeartbeat)
        .until(
            () -> consumer.pull(queue, MessageSelector.bySql(expression), 0, 10),
            result -> result != null);
  }

  /** Only a broker whose answer to a heartbeat told its version is sent an expression. */
  private static boolean isBeforeTheFirstHeartbeat(Throwable failure) {
    return String.valueOf(failure.getMessage()).contains("does not upgrade to support");
  }

  private static MessageQueue orders(Clients clients) throws Exception {
    MessageQueue queue = clients.queue();
    Message cheap = order(queue, "cheap shoe", "shoe", "5", "1.3", "false");
    cheap.setTags("sale");
    Message dear = order(queue, "dear shoe", "shoe", "100", "1.5", "false");
    dear.setTags("new");
    clients.producer().send(cheap, queue);
    clients.producer().send(order(queue, "shirt", "shirt", "10", "0.2", "true"), queue);
    clients.producer().send(dear, queue);
    clients.send(queue, "bare");
    return queue;
  }

  private static Message order(
      MessageQueue queue, String body, String kind, String price, String weight, String sold) {
    Message message = Clients.message(queue.getTopic(), body);
    message.putUserProperty("kind", kind);
    message.putUserProperty("price", price);
    message.putUserProperty("weight", weight);
    message.putUserProperty("sold", sold);
    return message;
  }
}
