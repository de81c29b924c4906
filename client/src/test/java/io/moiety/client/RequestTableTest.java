package io.moiety.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

final class RequestTableTest {

  private final RequestTable table = new RequestTable();

  @Test
  void aRequestIsTakenOnce() {
    PendingRequest<Void> request = request(10, 0);
    int opaque = table.add(request);
    assertThat(table.take(opaque)).contains(request);
    assertThat(table.take(opaque)).isEmpty();
    assertThat(table.isEmpty()).isTrue();
  }

  @Test
  void waitingRequestsHaveDifferentOpaques() {
    assertThat(List.of(table.add(request(10, 0)), table.add(request(10, 0))))
        .doesNotHaveDuplicates();
  }

  @Test
  void expiredRequestsAreTakenAndOthersStay() {
    long start = Long.MAX_VALUE - 5;
    PendingRequest<Void> shorter = request(10, start);
    PendingRequest<Void> longer = request(20, start);
    table.add(longer);
    int opaque = table.add(shorter);
    assertThat(table.takeExpired(start + 9)).isEmpty();
    assertThat(List.<Object>copyOf(table.takeExpired(start + 10))).containsExactly(shorter);
    assertThat(table.take(opaque)).isEmpty();
    assertThat(List.<Object>copyOf(table.takeAll())).containsExactly(longer);
    assertThat(table.takeAll()).isEmpty();
  }

  private static PendingRequest<Void> request(long timeoutNanos, long nowNanos) {
    return new PendingRequest<>(
        1, RequestKind.CONTROL, 0, Duration.ofNanos(timeoutNanos), nowNanos, AnswerReader.DONE);
  }
}
