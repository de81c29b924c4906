package io.moiety.broker.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.moiety.broker.filter.Selectors;
import io.moiety.broker.log.Appended;
import io.moiety.broker.log.PutStatus;
import io.moiety.broker.queue.QueueTable;
import io.moiety.broker.snapshot.SimulatedViewFiles;
import io.moiety.broker.store.Journal;
import io.moiety.broker.store.LoggedRecord;
import io.moiety.broker.store.SystemRecord;
import io.moiety.broker.store.View;
import io.moiety.broker.topic.GroupTable;
import io.moiety.broker.topic.TopicTable;
import io.moiety.protocol.Command;
import io.moiety.protocol.MessageProperties;
import io.moiety.protocol.RecordDraft;
import io.moiety.protocol.SystemTopics;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SubscriptionPositionTest {
  private final TopicTable topics = new TopicTable();
  private final GroupTable groups = new GroupTable();
  private final QueueTable queues = new QueueTable(SimulatedViewFiles.blocks());
  private final Ledgers ledgers = new Ledgers();
  private final List<View> views = List.of(topics, groups, queues, ledgers);
  private final FullDisk disk = new FullDisk();
  private final Subscriptions subscriptions =
      new Subscriptions(
          topics,
          groups,
          queues,
          ledgers,
          new GroupActivity(groups, new GroupTopics(groups, new Selectors())),
          disk);

  /** A journal that takes so many facts and then none. */
  private final class FullDisk implements Journal {
    private int room = Integer.MAX_VALUE;

    @Override
    public Appended record(SystemRecord fact) {
      if (room-- <= 0) {
        throw new IllegalStateException("the disk is full");
      }
      views.forEach(view -> view.applyFact(fact, logged(SystemTopics.STATE, 0)));
      return new Appended(0, 1, 0);
    }

    @Override
    public Logged put(RecordDraft draft) {
      throw new AssertionError("no messages here");
    }

    @Override
    public void whenServed(long endPosition, Waiter waiter) {
      waiter.done(PutStatus.PUT_OK);
    }

    @Override
    public void whenDurable(long endPosition, Waiter waiter) {
      waiter.done(PutStatus.PUT_OK);
    }

    @Override
    public long endPosition() {
      return 0;
    }
  }

  private static LoggedRecord logged(String topic, long queueOffset) {
    return new LoggedRecord(
        topic, 0, queueOffset, 0, 1, 0, 0, 0, 0, MessageProperties.empty(), Command.noBody());
  }

  private void subscribe() {
    subscriptions.subscribe(
        new SubscribeRequest(
            1, "mine", "prices", false, true, false, Optional.empty(), Optional.empty()),
        outcome -> {});
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2})
  void aSubscriptionThatAFullDiskCutOffGetsNothingOldWhenItIsMadeAgain(int factsThatFit) {
    for (long offset = 0; offset < 5; offset++) {
      queues.applyMessage(logged("prices", offset));
    }
    disk.room = factsThatFit;
    assertThatThrownBy(this::subscribe).isInstanceOf(IllegalStateException.class);
    disk.room = Integer.MAX_VALUE;
    subscribe();
    assertThat(groups.find("mine")).isPresent();
    assertThat(ledgers.classicOffset("mine", "prices", 0)).isEqualTo(OptionalLong.of(5));
  }
}
