package io.moiety.broker;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.moiety.broker.delivery.Delivered;
import io.moiety.broker.delivery.PopAnswer;
import io.moiety.broker.delivery.PopRequest;
import io.moiety.broker.delivery.Refusal;
import io.moiety.broker.filter.MessageFilter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Bodies that a POP of topic {@code T} was answered with; none while it waits. */
final class Popped implements PopAnswer {
  private final List<String> bodies = new ArrayList<>();

  private Popped() {}

  /** Asks for a group; nobody gets the messages for a minute. */
  static Popped by(
      WholeStore store, String group, int maxMessages, long waitMillis, long nowMillis) {
    Popped answer = new Popped();
    PopRequest request =
        new PopRequest(
            1,
            group,
            "T",
            0,
            maxMessages,
            60_000,
            waitMillis,
            false,
            MessageFilter.ALL,
            false,
            Optional.empty());
    store.domain().deliveries().pops().pop(request, nowMillis, answer);
    return answer;
  }

  List<String> bodies() {
    return bodies;
  }

  @Override
  public void messages(List<Delivered> messages, long popTimeMillis, long rest) {
    messages.forEach(message -> bodies.add(UTF_8.decode(message.record().body()).toString()));
  }

  @Override
  public void nothing() {}

  @Override
  public void refused(Refusal refusal) {
    throw new AssertionError(refusal.text());
  }
}
