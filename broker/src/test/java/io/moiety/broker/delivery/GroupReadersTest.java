package io.moiety.broker.delivery;

import static io.moiety.broker.delivery.DeliveryFixture.CONNECTION;
import static io.moiety.broker.delivery.DeliveryFixture.QUEUE;
import static org.assertj.core.api.Assertions.assertThat;

import io.moiety.broker.delivery.DeliveryFixture.Answer;
import io.moiety.broker.filter.MessageFilter;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Pulls and leases of one group at once. */
final class GroupReadersTest {
  private static final long PULLING = 8;
  private static final long OTHER = 9;

  private final DeliveryFixture fixture = new DeliveryFixture();
  private final GroupReaders readers = fixture.deliveries.readers();

  @Test
  void whoPopsIsRefusedWhileOthersPullAndTakenWhenTheyAreGone() {
    assertThat(readers.pulls("G", QUEUE, PULLING, fixture.nowMillis)).isEmpty();
    Refusal refusal = pop("G").refusal();
    assertThat(refusal.reason()).isEqualTo(Refusal.Reason.IN_USE);
    assertThat(refusal.text()).contains("Group G", "topic Q", "by pulls");
    fixture.deliveries.connectionLost(PULLING);
    assertThat(pop("G").isNothing()).isTrue();
  }

  @Test
  void whoPullsIsRefusedWhileOthersPopAndTakenWhenTheyLeave() {
    pop("G");
    assertThat(readers.pulls("G", QUEUE, PULLING, fixture.nowMillis).orElseThrow().text())
        .contains("Group G", "by POP");
    assertThat(readers.refuseOffset("G", QUEUE)).isPresent();
    readers.left("G", CONNECTION);
    assertThat(readers.refuseOffset("G", QUEUE)).isEmpty();
    assertThat(readers.pulls("G", QUEUE, PULLING, fixture.nowMillis)).isEmpty();
  }

  @Test
  void whoPullsIsRefusedWhileASessionHasAConsumer() {
    long session = fixture.openSession();
    fixture.receiver(session, 1).receive();
    assertThat(readers.pulls(QUEUE, QUEUE, PULLING, fixture.nowMillis).orElseThrow().text())
        .contains("sessions");
    assertThat(readers.refuseOffset(QUEUE, QUEUE)).isPresent();
    fixture.deliveries.sessions().closeConsumer(CONNECTION, session, 1);
    assertThat(readers.pulls(QUEUE, QUEUE, PULLING, fixture.nowMillis)).isEmpty();
  }

  @Test
  void aSessionHasNoConsumerWhileOthersPull() {
    readers.pulls(QUEUE, QUEUE, PULLING, fixture.nowMillis);
    long session = fixture.openSession();
    assertThat(fixture.receiver(session, 1).receive().refusal().reason())
        .isEqualTo(Refusal.Reason.IN_USE);
    readers.left(QUEUE, PULLING);
    assertThat(fixture.receiver(session, 1).receive().isNothing()).isTrue();
  }

  @Test
  void aConnectionChangesFromOneToTheOtherItself() {
    assertThat(readers.pulls("G", QUEUE, CONNECTION, fixture.nowMillis)).isEmpty();
    fixture.nowMillis += GroupReaders.CHANGE_MILLIS;
    assertThat(pop("G").isNothing()).isTrue();
    fixture.nowMillis += GroupReaders.CHANGE_MILLIS;
    assertThat(readers.pulls("G", QUEUE, CONNECTION, fixture.nowMillis)).isEmpty();
    assertThat(readers.refuseOffset("G", QUEUE)).isEmpty();
    assertThat(readers.pulls("G", QUEUE, OTHER, fixture.nowMillis)).isEmpty();
    assertThat(pop("G").refusal().reason()).isEqualTo(Refusal.Reason.IN_USE);
  }

  @Test
  void aConnectionThatDoesBothIsRefusedWhatItBeganLater() {
    assertThat(readers.pulls("G", QUEUE, CONNECTION, fixture.nowMillis)).isEmpty();
    for (int i = 0; i < 3; i++) {
      fixture.nowMillis += GroupReaders.CHANGE_MILLIS - 1;
      assertThat(pop("G").refusal().text()).contains("This client", "topic Q", "by pulls");
      assertThat(readers.pulls("G", QUEUE, CONNECTION, fixture.nowMillis)).isEmpty();
    }
    fixture.nowMillis += GroupReaders.CHANGE_MILLIS;
    assertThat(pop("G").isNothing()).isTrue();
    assertThat(readers.pulls("G", QUEUE, CONNECTION, fixture.nowMillis).orElseThrow().text())
        .contains("by POP");
    assertThat(pop("G").isNothing()).isTrue();
  }

  @Test
  void membersThatAllPulledChangeToPopTogether() {
    readers.pulls("G", QUEUE, CONNECTION, fixture.nowMillis);
    readers.pulls("G", QUEUE, OTHER, fixture.nowMillis);
    fixture.nowMillis += GroupReaders.CHANGE_MILLIS;
    assertThat(readers.pops("G", QUEUE, CONNECTION, fixture.nowMillis)).isPresent();
    assertThat(readers.pops("G", QUEUE, OTHER, fixture.nowMillis)).isEmpty();
    assertThat(readers.pops("G", QUEUE, CONNECTION, fixture.nowMillis)).isEmpty();
    assertThat(readers.pulls("G", QUEUE, PULLING, fixture.nowMillis)).isPresent();
  }

  @Test
  void membersThatAllPoppedChangeToPullTogether() {
    readers.pops("G", QUEUE, CONNECTION, fixture.nowMillis);
    readers.pops("G", QUEUE, OTHER, fixture.nowMillis);
    fixture.nowMillis += GroupReaders.CHANGE_MILLIS;
    assertThat(readers.pulls("G", QUEUE, CONNECTION, fixture.nowMillis)).isPresent();
    assertThat(readers.pulls("G", QUEUE, OTHER, fixture.nowMillis)).isEmpty();
    assertThat(readers.pulls("G", QUEUE, CONNECTION, fixture.nowMillis)).isEmpty();
    assertThat(readers.refuseOffset("G", QUEUE)).isEmpty();
    assertThat(readers.pops("G", QUEUE, PULLING, fixture.nowMillis)).isPresent();
  }

  @Test
  void otherGroupsAndOtherTopicsAreNotConcerned() {
    fixture.createTopic("T", 1);
    pop("G");
    assertThat(readers.pulls("G", "T", PULLING, fixture.nowMillis)).isEmpty();
    assertThat(readers.pulls("H", QUEUE, PULLING, fixture.nowMillis)).isEmpty();
  }

  private Answer pop(String group) {
    Answer answer = new Answer();
    fixture
        .deliveries
        .pops()
        .pop(
            new PopRequest(
                CONNECTION,
                group,
                QUEUE,
                -1,
                1,
                1_000,
                0,
                false,
                MessageFilter.ALL,
                false,
                Optional.empty()),
            fixture.nowMillis,
            answer);
    return answer;
  }
}
