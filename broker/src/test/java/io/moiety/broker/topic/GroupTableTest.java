package io.moiety.broker.topic;

import static org.assertj.core.api.Assertions.assertThat;

import io.moiety.broker.store.ClassicSettings;
import io.moiety.broker.store.GroupConfig;
import io.moiety.broker.store.LoggedRecord;
import io.moiety.broker.store.SystemRecord;
import io.moiety.protocol.Command;
import io.moiety.protocol.MessageProperties;
import io.moiety.protocol.SystemTopics;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class GroupTableTest {
  private final GroupTable groups = new GroupTable();

  private void apply(SystemRecord fact) {
    groups.applyFact(
        fact,
        new LoggedRecord(
            SystemTopics.STATE,
            0,
            0,
            0,
            1,
            0,
            0,
            0,
            0,
            MessageProperties.empty(),
            Command.noBody()));
  }

  private static GroupConfig subscription(String name, String topic) {
    return new GroupConfig(
        name,
        Optional.of(topic),
        Optional.empty(),
        Optional.empty(),
        true,
        false,
        true,
        16,
        ClassicSettings.defaults());
  }

  @Test
  void theGroupOfAQueueGoesWithTheQueueSoThatTemporaryQueuesLeaveNothingBehind() {
    apply(new SystemRecord.GroupSet(GroupConfig.plain("temporary-1")));
    apply(new SystemRecord.GroupSet(GroupConfig.plain("billing")));
    apply(new SystemRecord.GroupSet(subscription("prices-of-a", "temporary-1")));
    apply(new SystemRecord.GroupSet(subscription("temporary-2", "prices")));
    apply(new SystemRecord.TopicDeleted("temporary-1"));
    apply(new SystemRecord.TopicDeleted("temporary-2"));
    assertThat(groups.all()).extracting(GroupConfig::name).containsOnly("billing", "temporary-2");
  }
}
