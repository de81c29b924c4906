package io.moiety.compatibility;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.apache.rocketmq.client.exception.MQClientException;
import org.apache.rocketmq.client.producer.SendStatus;
import org.apache.rocketmq.common.message.MessageQueue;
import org.junit.jupiter.api.Test;

/** A broker on which a send makes no topic. */
@OnBroker("autoCreateTopicEnable=false")
class NoAutoCreationIT {

  @Test
  void aSendToAnUnknownTopicFindsNoRoute(Clients clients) {
    assertThatThrownBy(() -> clients.send(clients.topic(), "hello"))
        .isInstanceOf(MQClientException.class)
        .hasMessageContaining("No route info of this topic");
  }

  @Test
  void aSendToAQueueOfAnUnknownTopicIsAnsweredThatThereIsNone(Clients clients) throws Exception {
    MessageQueue known = clients.queue();
    clients.send(known, "so that the client knows the broker");
    MessageQueue unknown = new MessageQueue(clients.topic(), known.getBrokerName(), 0);

    BrokerAnswer.assertCode(
        17, () -> clients.producer().send(Clients.message(unknown.getTopic(), "hello"), unknown));
  }

  @Test
  void aSendToATopicOfAnAdministratorIsTaken(Clients clients) throws Exception {
    assertThat(clients.send(clients.queue(), "hello").get(0).getSendStatus())
        .isEqualTo(SendStatus.SEND_OK);
  }
}
