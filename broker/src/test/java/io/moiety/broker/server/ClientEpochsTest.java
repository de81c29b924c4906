package io.moiety.broker.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ClientEpochsTest {

  private final List<Long> ended = new ArrayList<>();
  private final ClientEpochs epochs = new ClientEpochs(ended::add);
  private final ScriptedConnection first = new ScriptedConnection(1);
  private final ScriptedConnection second = new ScriptedConnection(2);

  private static ClientEpochs.Client client(String instance) {
    return new ClientEpochs.Client("alice", instance);
  }

  @Test
  void aNewerConnectionEndsTheOlderOneThatNobodyKnowsToBeLost() {
    assertThat(epochs.greeted(client("i"), 1, first)).isEmpty();
    assertThat(epochs.greeted(client("i"), 2, second)).isEmpty();
    assertThat(ended).containsExactly(1L);
    assertThat(first.isRetired()).isTrue();
    assertThat(first.isOpen()).isFalse();
    assertThat(second.isRetired()).isFalse();
  }

  @Test
  void aLateGreetingOfAnEarlierAttemptIsRefusedAndEndsNothing() {
    epochs.greeted(client("i"), 2, second);
    assertThat(epochs.greeted(client("i"), 1, first))
        .get()
        .asString()
        .contains("connection 2 open");
    assertThat(epochs.greeted(client("i"), 2, first)).isPresent();
    assertThat(ended).isEmpty();
    assertThat(second.isOpen()).isTrue();
  }

  @Test
  void aClientOfAnotherUserIsAnotherOneWhateverItCallsItself() {
    epochs.greeted(client("i"), 1, first);
    assertThat(epochs.greeted(new ClientEpochs.Client("mallory", "i"), 2, second)).isEmpty();
    assertThat(ended).isEmpty();
    assertThat(first.isOpen()).isTrue();
  }

  @Test
  void aKeepAliveChangesNothing() {
    epochs.greeted(client("i"), 1, first);
    assertThat(epochs.greeted(client("i"), 1, first)).isEmpty();
    assertThat(ended).isEmpty();
    assertThat(first.isOpen()).isTrue();
  }

  @Test
  void whatWaitsOfAClosedConnectionComesTooLate() {
    epochs.greeted(client("i"), 1, first);
    epochs.closed(1);
    assertThat(first.isRetired()).isTrue();
    assertThat(epochs.greeted(client("i"), 2, second)).isEmpty();
    assertThat(ended).isEmpty();
  }

  @Test
  void theEndOfAnOlderConnectionThatIsToldAfterTheNewerOneCameEndsOnlyItself() {
    epochs.greeted(client("i"), 1, first);
    epochs.greeted(client("i"), 2, second);
    epochs.closed(1);
    assertThat(second.isRetired()).isFalse();
    assertThat(epochs.greeted(client("i"), 1, first)).isPresent();
  }

  @Test
  void clientsDoNotEndEachOther() {
    epochs.greeted(client("i"), 1, first);
    epochs.greeted(client("j"), 2, second);
    epochs.closed(3);
    assertThat(ended).isEmpty();
    assertThat(first.isOpen()).isTrue();
  }

  @Test
  void aConnectionThatChangesItsInstanceLeavesNothingBehind() {
    epochs.greeted(client("i"), 5, first);
    epochs.greeted(client("j"), 5, first);
    assertThat(epochs.greeted(client("i"), 1, second)).isEmpty();
    assertThat(first.isOpen()).isTrue();
  }
}
