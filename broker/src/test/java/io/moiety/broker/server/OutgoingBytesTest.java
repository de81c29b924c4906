package io.moiety.broker.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class OutgoingBytesTest {

  private final OutgoingBytes all = new OutgoingBytes(100, 250);
  private final List<String> closed = new ArrayList<>();

  private Outgoing open(String name) {
    return all.open(why -> closed.add(name + ": " + why));
  }

  @Test
  void connectionAboveItsLimitIsClosedAndSaysWhatItHasNotRead() {
    Outgoing one = open("one");
    assertThat(one.add(60)).isTrue();
    assertThat(one.add(40)).isTrue();

    assertThat(one.add(1)).isFalse();

    assertThat(closed).hasSize(1);
    assertThat(closed.get(0)).contains("one: it has not read 100 bytes", "limit", "is 100");
    assertThat(one.add(1)).as("no more is taken").isFalse();
    assertThat(closed).hasSize(1);
  }

  @Test
  void oneAnswerThatIsLargerThanTheLimitGoesOut() {
    assertThat(open("one").add(200)).isTrue();
    assertThat(closed).isEmpty();
  }

  @Test
  void whatWasReadCountsNoMore() {
    Outgoing one = open("one");
    for (int i = 0; i < 1_000; i++) {
      assertThat(one.add(90)).isTrue();
      one.gone(90);
    }
    assertThat(one.bytes()).isZero();
  }

  @Test
  void whenAllHaveTooMuchTheOneWithMostIsClosed() {
    Outgoing small = open("small");
    Outgoing most = open("most");
    Outgoing medium = open("medium");
    small.add(70);
    most.add(95);
    medium.add(80);
    assertThat(closed).isEmpty();

    assertThat(small.add(20)).isTrue();

    assertThat(closed).hasSize(1);
    assertThat(closed.get(0)).contains("most: all clients together have not read 265 bytes");
    assertThat(small.add(5)).isTrue();
    assertThat(medium.add(5)).isTrue();
    most.gone(95);
    assertThat(closed).as("what is lost with a closed connection counts once").hasSize(1);
    assertThat(open("next").add(70)).isTrue();
    assertThat(closed).hasSize(1);
  }

  @Test
  void closedConnectionIsNotClosedAgain() {
    Outgoing one = open("one");
    one.add(90);
    assertThat(one.close()).isTrue();
    assertThat(one.close()).isFalse();
    assertThat(one.add(90)).isFalse();
    assertThat(closed).isEmpty();
  }
}
