package io.moiety.broker.delivery;

import static io.moiety.broker.delivery.DeliveryFixture.QUEUE;
import static org.assertj.core.api.Assertions.assertThat;

import io.moiety.broker.delivery.DeliveryFixture.Answer;
import io.moiety.broker.filter.MessageFilter;
import io.moiety.broker.store.RecordSpan;
import io.moiety.broker.store.SystemRecord;
import io.moiety.protocol.MessageProperties;
import io.moiety.protocol.PropertyNames;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Messages that are not in memory: nobody reads one in the turn before it was read elsewhere. */
final class ColdDeliveryTest {
  private final DeliveryFixture fixture = DeliveryFixture.cold();
  private final long session = fixture.openSession();

  @Test
  void aReceiveWithoutWaitIsAnsweredWhenTheMessageWasRead() {
    fixture.send(QUEUE, "a");
    Answer answer = fixture.receiver(session, 1).receive();
    fixture.pass(5_000);
    assertThat(answer.isWaiting()).as("nobody knows yet that there is nothing").isTrue();
    fixture.readOne();
    assertThat(answer.bodies()).containsExactly("a");
  }

  @Test
  void anEmptyQueueNeedsNoRead() {
    assertThat(fixture.receiver(session, 1).receive().isNothing()).isTrue();
  }

  @Test
  void whoeverWaitedTooLongForAReadIsToldThatThereIsNothingWhenItIsDone() {
    fixture.send(QUEUE, "other", Map.of("n", "2"));
    Answer all = fixture.receiver(session, 1).selecting(fixture.selector("n = '3'")).receive();
    Answer late =
        fixture.receiver(session, 2).selecting(fixture.selector("n = '1'")).waiting(100).receive();
    Answer patient =
        fixture
            .receiver(session, 3)
            .selecting(fixture.selector("n = '1'"))
            .waiting(60_000)
            .receive();
    fixture.pass(100);
    assertThat(all.isWaiting()).isTrue();
    assertThat(late.isWaiting()).isTrue();
    fixture.readOne();
    assertThat(all.isNothing()).isTrue();
    assertThat(late.isNothing()).isTrue();
    assertThat(patient.isWaiting()).isTrue();
  }

  @Test
  void whoeverWaitedTooLongForAReadIsToldAlsoBehindOneWhoGoesOnWaiting() {
    fixture.send(QUEUE, "expired", Map.of(PropertyNames.JMS_EXPIRATION, "10050"));
    Answer patient = fixture.receiver(session, 1).waiting(60_000).receive();
    Answer late = fixture.receiver(session, 2).waiting(100).receive();
    fixture.pass(100);
    assertThat(late.isWaiting()).isTrue();
    fixture.readOne();
    assertThat(patient.isWaiting()).isTrue();
    assertThat(late.isNothing()).isTrue();
  }

  @Test
  void aWaitForAReadIsNoReasonToLookAgain() {
    fixture.send(QUEUE, "a");
    fixture.receiver(session, 1).waiting(60_000).receive();
    fixture.run();
    assertThat(fixture.deliveries.nextDueMillis()).isGreaterThan(fixture.nowMillis);
    assertThat(fixture.readers.waiting()).isEqualTo(1);
  }

  @Test
  void manyWhoWaitForTheSameMessagesHaveThemReadOnce() {
    fixture.send(QUEUE, "a", "b", "c");
    List<Answer> answers = new ArrayList<>();
    for (int consumer = 1; consumer <= 3; consumer++) {
      answers.add(fixture.receiver(session, consumer).max(1).waiting(1_000).receive());
    }
    assertThat(fixture.readers.waiting()).isEqualTo(1);
    fixture.readOne();
    assertThat(answers).extracting(Answer::bodies).containsExactly(of("a"), of("b"), of("c"));
  }

  private static List<String> of(String body) {
    return List.of(body);
  }

  @Test
  void aBacklogIsDeliveredInOrderAndReadAheadOfItsDelivery() {
    String[] bodies = IntStream.range(0, 1_000).mapToObj(i -> "m" + i).toArray(String[]::new);
    fixture.send(QUEUE, bodies);
    List<String> received = new ArrayList<>();
    int unread = 0;
    while (received.size() < bodies.length) {
      Answer answer = fixture.receiver(session, 1).max(1).receive();
      unread += answer.isWaiting() ? 1 : 0;
      while (answer.isWaiting()) {
        assertThat(fixture.readOne()).as("something is being read for it").isTrue();
      }
      received.addAll(answer.bodies());
      fixture.readOne();
    }
    assertThat(received).containsExactly(bodies);
    assertThat(unread).as("only the first had to wait").isEqualTo(1);
  }

  @Test
  void messagesOfAnotherQueueAreDeliveredMeanwhile() {
    fixture.createTopic("two", 2);
    fixture.log.put(MemoryLog.draft("two", 0, MessageProperties.empty(), "cold"));
    fixture.log.put(MemoryLog.draft("two", 1, MessageProperties.empty(), "warm"));
    fixture.serve();
    var warm = fixture.queues.find("two", 1).orElseThrow().find(0).orElseThrow();
    fixture.coldReads.read(
        List.of(new RecordSpan(warm.position() + 64, warm.sizeBytes() - 64)), () -> {});
    fixture.readOne();
    Answer answer = fixture.receiver(session, 1).on("two", "two").waiting(1_000).receive();
    while (answer.isWaiting()) {
      assertThat(fixture.readOne()).isTrue();
    }
    Answer rest = fixture.receiver(session, 2).on("two", "two").receive();
    while (rest.isWaiting()) {
      assertThat(fixture.readOne()).isTrue();
    }
    List<String> all = new ArrayList<>(answer.bodies());
    all.addAll(rest.isNothing() ? List.of() : rest.bodies());
    assertThat(all).containsExactlyInAnyOrder("cold", "warm");
  }

  @Test
  void aTopicThatIsDeletedMeanwhileIsRefused() {
    fixture.send(QUEUE, "a");
    Answer answer = fixture.receiver(session, 1).waiting(1_000).receive();
    fixture.log.record(new SystemRecord.TopicDeleted(QUEUE));
    fixture.run();
    assertThat(answer.refusal().reason()).isEqualTo(Refusal.Reason.UNKNOWN_GROUP);
    fixture.readOne();
  }

  @Test
  void whenTheReadersAreOverloadedTheTurnReadsItself() {
    fixture.log.beforeRead = span -> {};
    fixture.readers.full();
    fixture.send(QUEUE, "a", "b");
    assertThat(fixture.receiver(session, 1).receive().bodies()).containsExactly("a", "b");
  }

  @Test
  void aPageReadsWhatItSaidThatItReads() {
    fixture.send(QUEUE, "a", "b", "c");
    BrowseRequest request = new BrowseRequest(QUEUE, QUEUE, 0, 1, 10, MessageFilter.ALL);
    List<RecordSpan> reads = fixture.deliveries.browser().reads(request);
    List<RecordSpan> read = new ArrayList<>();
    fixture.log.beforeRead = read::add;
    fixture.deliveries.browser().browse(request, fixture.nowMillis);
    assertThat(read).hasSize(2).isEqualTo(reads);
  }
}
