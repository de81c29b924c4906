package io.moiety.compatibility;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.apache.rocketmq.common.message.MessageQueue;
import org.junit.jupiter.api.Test;

/** Resets of a group's offsets by time, done by the broker. */
@OnBroker
class ResetIT {

  @Test
  void aLiveConsumerGetsEverythingAgainAfterAResetToTheBeginning(Clients clients) throws Exception {
    MessageQueue queue = clients.queue();
    String group = clients.group();
    Inbox inbox = new Inbox();
    clients.send(queue, "a", "b", "c");
    clients.consume(group, queue.getTopic(), inbox.listener());
    assertThat(inbox.takeBodies(3)).containsExactlyInAnyOrder("a", "b", "c");

    Map<MessageQueue, Long> offsets =
        clients.admin().resetOffsetByTimestamp(queue.getTopic(), group, 0, true);

    assertThat(offsets).containsOnly(Map.entry(queue, 0L));
    assertThat(inbox.takeBodies(3)).containsExactlyInAnyOrder("a", "b", "c");
  }

  @Test
  void aGroupWithoutMembersBeginsWhereItWasPut(Clients clients) throws Exception {
    MessageQueue queue = clients.queue();
    String group = clients.group();
    clients.send(queue, "a", "b", "c");
    Inbox before = new Inbox();
    var consumer = clients.consume(group, queue.getTopic(), before.listener());
    assertThat(before.takeBodies(3)).hasSize(3);
    consumer.shutdown();

    clients.admin().resetOffsetByTimestamp(queue.getTopic(), group, 0, true);

    Inbox after = new Inbox();
    clients.consume(group, queue.getTopic(), after.listener());
    assertThat(after.takeBodies(3)).containsExactlyInAnyOrder("a", "b", "c");
  }
}
