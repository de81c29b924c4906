package io.moiety.benchmarks.compare;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ResultsTest {

  private static final Row ROW = new Row("sends", "1/s", new Goal.Times(2));

  private final Results results = new Results();

  private String table() {
    return new MarkdownTable(Peer.ROCKETMQ, List.of(Peer.ROCKETMQ, Peer.MOIETY, Peer.NULL_BROKER))
        .of(List.of(new MachineLimits.Limit("cores", "2")), results);
  }

  @Test
  void tellsMedianLeastAndMostOfTheRuns() {
    results.add(ROW, Peer.MOIETY, 300);
    results.add(ROW, Peer.MOIETY, 100);
    results.add(ROW, Peer.MOIETY, 200);

    assertThat(results.of(ROW, Peer.MOIETY).text()).isEqualTo("200 (100 – 300)");
  }

  @Test
  void comparesMediansWithTheGoal() {
    results.add(ROW, Peer.ROCKETMQ, 100);
    results.add(ROW, Peer.MOIETY, 199);
    assertThat(table()).contains("| 1.99 | 2 times RocketMQ | missed |");

    results.add(ROW, Peer.MOIETY, 205);
    assertThat(table()).contains("| 2.02 | 2 times RocketMQ | reached |");
  }

  @Test
  void aLatencyReachesItsGoalWhenItIsNoMoreThanTheOthers() {
    Row row = new Row("latency", "ms", new Goal.NoMore());
    results.add(row, Peer.ROCKETMQ, 2);
    results.add(row, Peer.MOIETY, 1);
    assertThat(table()).contains("| 0.50 | no more than RocketMQ | reached |");

    results.add(row, Peer.MOIETY, 5);
    assertThat(table()).contains("| 1.50 | no more than RocketMQ | missed |");
  }

  @Test
  void aRunThatFailedIsToldBesideTheOthers() {
    results.add(ROW, Peer.MOIETY, 200);
    results.failed(ROW, Peer.MOIETY, "the moiety-broker ended with code 1");

    assertThat(results.anyFailed()).isTrue();
    assertThat(table()).contains("200 (1 run); **failed** 1×: the moiety-broker ended with code 1");
  }

  @Test
  void whatWasNotMeasuredIsNoZero() {
    results.failed(ROW, Peer.ROCKETMQ, "no send was accepted");
    results.add(ROW, Peer.MOIETY, 200);

    assertThat(table()).contains("| **failed** 1×: no send was accepted |").contains("| – | – |");
  }
}
