package io.moiety.compatibility;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.rocketmq.client.consumer.DefaultMQPullConsumer;
import org.apache.rocketmq.client.consumer.DefaultMQPushConsumer;
import org.apache.rocketmq.client.consumer.PullStatus;
import org.apache.rocketmq.common.message.MessageQueue;
import org.apache.rocketmq.remoting.protocol.subscription.SubscriptionGroupConfig;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Groups that may not consume and topics that may not be read, as an administrator set them up. */
@OnBroker
@Tag(ClientVersion.ONLY_5)
@SuppressWarnings("deprecation") // The old pull consumer tells the broker's refusal to its caller.
class GroupSettingsIT {

  private static final int NO_PERMISSION = 16;
  private static final int WRITE_ONLY = 2;

  @Test
  void aGroupThatMayNotConsumeIsRefusedUntilItMay(Clients clients, JudgedBroker broker)
      throws Exception {
    MessageQueue queue = clients.queue();
    clients.send(queue, "a");
    SubscriptionGroupConfig group = new SubscriptionGroupConfig();
    group.setGroupName(clients.group());
    group.setConsumeEnable(false);
    clients.admin().createAndUpdateSubscriptionGroupConfig(broker.brokerAddress(), group);
    DefaultMQPullConsumer consumer = puller(clients, group.getGroupName());
    BrokerAnswer.assertCode(NO_PERMISSION, () -> consumer.pull(queue, "*", 0, 1));

    group.setConsumeEnable(true);
    clients.admin().createAndUpdateSubscriptionGroupConfig(broker.brokerAddress(), group);
    assertThat(consumer.pull(queue, "*", 0, 1).getPullStatus()).isEqualTo(PullStatus.FOUND);
  }

  @Test
  void aTopicThatMayNotBeReadIsRefused(Clients clients) throws Exception {
    String topic = clients.topic(1, WRITE_ONLY);
    MessageQueue queue = clients.queues(topic).get(0);
    clients.send(queue, "a");
    DefaultMQPullConsumer consumer = puller(clients, clients.group());
    BrokerAnswer.assertCode(NO_PERMISSION, () -> consumer.pull(queue, "*", 0, 1));
  }

  @Test
  void aGroupThatMayNotBroadcastGetsNothingByBroadcastUntilItMay(
      Clients clients, JudgedBroker broker) throws Exception {
    String topic = clients.topic(1);
    SubscriptionGroupConfig group = new SubscriptionGroupConfig();
    group.setGroupName(clients.group());
    group.setConsumeBroadcastEnable(false);
    clients.admin().createAndUpdateSubscriptionGroupConfig(broker.brokerAddress(), group);
    Inbox refused = new Inbox();
    DefaultMQPushConsumer broadcasting = clients.apart(clients.pushConsumer(group.getGroupName()));
    ClientVersion.setBroadcasting(broadcasting);
    clients.consume(broadcasting, topic, "*", refused.listener());
    PushIT.awaitAssigned(broadcasting, topic, 1);
    Inbox allowed = new Inbox();
    clients.consume(clients.group(), topic, allowed.listener());
    clients.send(topic, "a", "b");
    assertThat(allowed.takeBodies(2)).containsExactlyInAnyOrder("a", "b");
    clients.send(topic, "c"); // Had it been allowed, the first two would have come long before.
    assertThat(allowed.takeBodies(1)).containsExactly("c");
    assertThat(refused.untaken()).isEmpty();

    group.setConsumeBroadcastEnable(true);
    clients.admin().createAndUpdateSubscriptionGroupConfig(broker.brokerAddress(), group);
    assertThat(refused.takeBodies(3)).containsExactlyInAnyOrder("a", "b", "c");
  }

  private static DefaultMQPullConsumer puller(Clients clients, String group) throws Exception {
    DefaultMQPullConsumer consumer = clients.apart(new DefaultMQPullConsumer(group));
    consumer.start();
    clients.atEnd(consumer::shutdown);
    return consumer;
  }
}
