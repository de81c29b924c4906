package io.moiety.broker.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.moiety.protocol.body.TransactionBody;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class TransactionFilterTest {

  private static TransactionBody branch(int messages, int acknowledgements) {
    return new TransactionBody(
        "1-01-01",
        TransactionBody.BRANCH,
        "PREPARED",
        0L,
        null,
        null,
        null,
        null,
        null,
        messages,
        acknowledgements,
        null,
        null,
        null,
        List.of(new TransactionBody.Part("orders", 0, "shop", 1, 1, 0)));
  }

  private static TransactionFilter filter(@Nullable String topic, @Nullable String group) {
    return new TransactionFilter(
        Set.of(), Optional.ofNullable(topic), Optional.ofNullable(group), Long.MAX_VALUE);
  }

  @Test
  void aBranchIsFoundByTheTopicsAndGroupsOfItsParts() {
    assertThat(filter("orders", "shop").takes(branch(0, 1))).isTrue();
    assertThat(filter("shipments", null).takes(branch(0, 1))).isFalse();
    assertThat(filter(null, "other").takes(branch(0, 1))).isFalse();
  }

  @Test
  void aBranchWhosePartsAreNotAllKnownIsMissedByNoTopicAndNoGroup() {
    assertThat(filter("shipments", null).takes(branch(1, 1))).isTrue();
    assertThat(filter(null, "other").takes(branch(1, 1))).isTrue();
  }
}
