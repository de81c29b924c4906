package io.moiety.broker.delivery;

import static io.moiety.broker.delivery.DeliveryFixture.QUEUE;
import static org.assertj.core.api.Assertions.assertThat;

import io.moiety.broker.filter.MessageFilter;
import io.moiety.protocol.PropertyNames;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class BrowserTest {
  private final DeliveryFixture fixture = new DeliveryFixture();

  @Test
  void showsWhatIsNotAcknowledgedWhoeverHasItAndTakesNothing() {
    fixture.send(QUEUE, "a", "b", "c");
    long session = fixture.openSession();
    fixture.receiver(session, 1).max(2).receive();
    fixture.acknowledge(session, 1, 0);
    BrowsePage page = browse(0, 10, MessageFilter.ALL);
    assertThat(bodies(page)).containsExactly("b", "c");
    assertThat(page.end()).isTrue();
    assertThat(fixture.receiver(session, 1).receive().counts()).containsExactly(1);
  }

  @Test
  void goesOnWhereAPageEnded() {
    fixture.send(QUEUE, "a", "b", "c");
    BrowsePage first = browse(0, 2, MessageFilter.ALL);
    assertThat(bodies(first)).containsExactly("a", "b");
    assertThat(first.end()).isFalse();
    assertThat(bodies(browse(first.nextOffset(), 2, MessageFilter.ALL))).containsExactly("c");
  }

  @Test
  void showsNeitherExpiredNorUnselectedNorUnservedMessages() {
    fixture.send(QUEUE, "old", Map.of(PropertyNames.JMS_EXPIRATION, "1", "n", "1"));
    fixture.send(QUEUE, "other", Map.of("n", "2"));
    fixture.send(QUEUE, "this", Map.of("n", "1"));
    fixture.append(QUEUE, "later");
    assertThat(bodies(browse(0, 10, fixture.selector("n = '1'")))).containsExactly("this");
  }

  @Test
  void aSparseQueueIsLookedThroughInBoundedPages() {
    String[] bodies = new String[1_500];
    java.util.Arrays.fill(bodies, "x");
    fixture.send(QUEUE, bodies);
    BrowsePage page = browse(0, 10, fixture.selector("n = '1'"));
    assertThat(page.messages()).isEmpty();
    assertThat(page.end()).isFalse();
    assertThat(page.nextOffset()).isEqualTo(1_000);
  }

  private BrowsePage browse(long fromOffset, int max, MessageFilter filter) {
    return ((Outcome.Done<BrowsePage>)
            fixture
                .deliveries
                .browser()
                .browse(
                    new BrowseRequest(QUEUE, QUEUE, 0, fromOffset, max, filter), fixture.nowMillis))
        .value();
  }

  private static List<String> bodies(BrowsePage page) {
    return page.messages().stream()
        .map(message -> StandardCharsets.UTF_8.decode(message.body()).toString())
        .toList();
  }
}
