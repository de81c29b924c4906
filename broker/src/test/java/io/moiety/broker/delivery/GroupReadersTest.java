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
    assertThat(readers.pulls("G", QUEUE, PULLING)).isEmpty();
    Refusal refusal = pop("G").refusal();
    assertThat(refusal.reason()).isEqualTo(Refusal.Reason.IN_USE);
    assertThat(refusal.text()).contains("Group G", "topic Q", "by pulls");
    fixture.deliveries.connectionLost(PULLING);
    assertThat(pop("G").isNothing()).isTrue();
  }

  @Test
  void whoPullsIsRefusedWhileOthersPopAndTakenWhenTheyLeave() {
    pop("G");
    assertThat(readers.pulls("G", QUEUE, PULLING).orElseThrow().text())
        .contains("Group G", "by POP");
    assertThat(readers.refuseOffset("G", QUEUE)).isPresent();
    readers.left("G", CONNECTION);
    assertThat(readers.refuseOffset("G", QUEUE)).isEmpty();
    assertThat(readers.pulls("G", QUEUE, PULLING)).isEmpty();
  }

  @Test
  void whoPullsIsRefusedWhileASessionHasAConsumer() {
    long session = fixture.openSession();
    fixture.receiver(session, 1).receive();
    assertThat(readers.pulls(QUEUE, QUEUE, PULLING).orElseThrow().text()).contains("sessions");
    assertThat(readers.refuseOffset(QUEUE, QUEUE)).isPresent();
    fixture.deliveries.sessions().closeConsumer(CONNECTION, session, 1);
    assertThat(readers.pulls(QUEUE, QUEUE, PULLING)).isEmpty();
  }

  @Test
  void aSessionHasNoConsumerWhileOthersPull() {
    readers.pulls(QUEUE, QUEUE, PULLING);
    long session = fixture.openSession();
    assertThat(fixture.receiver(session, 1).receive().refusal().reason())
        .isEqualTo(Refusal.Reason.IN_USE);
    readers.left(QUEUE, PULLING);
    assertThat(fixture.receiver(session, 1).receive().isNothing()).isTrue();
  }

  @Test
  void aConnectionChangesFromOneToTheOtherItself() {
    assertThat(readers.pulls("G", QUEUE, CONNECTION)).isEmpty();
    assertThat(pop("G").isNothing()).isTrue();
    assertThat(readers.pulls("G", QUEUE, CONNECTION)).isEmpty();
    assertThat(readers.refuseOffset("G", QUEUE)).isEmpty();
    assertThat(readers.pulls("G", QUEUE, OTHER)).isEmpty();
    assertThat(pop("G").refusal().reason()).isEqualTo(Refusal.Reason.IN_USE);
  }

  @Test
  void membersThatAllPulledChangeToPopTogether() {
    readers.pulls("G", QUEUE, CONNECTION);
    readers.pulls("G", QUEUE, OTHER);
    assertThat(readers.pops("G", QUEUE, CONNECTION)).isPresent();
    assertThat(readers.pops("G", QUEUE, OTHER)).isEmpty();
    assertThat(readers.pops("G", QUEUE, CONNECTION)).isEmpty();
    assertThat(readers.pulls("G", QUEUE, PULLING)).isPresent();
  }

  @Test
  void membersThatAllPoppedChangeToPullTogether() {
    readers.pops("G", QUEUE, CONNECTION);
    readers.pops("G", QUEUE, OTHER);
    assertThat(readers.pulls("G", QUEUE, CONNECTION)).isPresent();
    assertThat(readers.pulls("G", QUEUE, OTHER)).isEmpty();
    assertThat(readers.pulls("G", QUEUE, CONNECTION)).isEmpty();
    assertThat(readers.refuseOffset("G", QUEUE)).isEmpty();
    assertThat(readers.pops("G", QUEUE, PULLING)).isPresent();
  }

  @Test
  void otherGroupsAndOtherTopicsAreNotConcerned() {
    fixture.createTopic("T", 1);
    pop("G");
    assertThat(readers.pulls("G", "T", PULLING)).isEmpty();
    assertThat(readers.pulls("H", QUEUE, PULLING)).isEmpty();
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
