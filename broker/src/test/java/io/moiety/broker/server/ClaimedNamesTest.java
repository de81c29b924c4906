package io.moiety.broker.server;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class ClaimedNamesTest {

  private static final long MAX_SILENCE_MILLIS = 30_000;

  private final ClaimedNames names = new ClaimedNames(MAX_SILENCE_MILLIS);
  private final ScriptedConnection first = new ScriptedConnection(1);
  private final ScriptedConnection second = new ScriptedConnection(2);

  private static ClaimedNames.Claim claim(String user, String secret) {
    return new ClaimedNames.Claim(user, secret);
  }

  @Test
  void anotherClaimIsRefusedWhileTheHolderIsHeardOf() {
    assertThat(names.claim("orders", claim("u", "a"), first, 0)).isEmpty();
    assertThat(names.claim("orders", claim("u", "a"), first, 20_000)).isEmpty();
    assertThat(names.claim("orders", claim("u", "b"), second, 49_999))
        .get()
        .asString()
        .contains("orders is in use by the connection from", "40001");
    assertThat(first.isOpen()).isTrue();
  }

  @Test
  void aSilentHolderGivesItsNameToWhoAsksForIt() {
    names.claim("orders", claim("u", "a"), first, 0);
    assertThat(names.claim("orders", claim("u", "b"), second, MAX_SILENCE_MILLIS)).isEmpty();
    assertThat(first.isOpen()).isFalse();
    assertThat(names.claim("orders", claim("u", "a"), new ScriptedConnection(3), 30_001))
        .isPresent();
  }

  @Test
  void theSameClaimTakesOverAtOnce() {
    names.claim("orders", claim("u", "a"), first, 0);
    assertThat(names.claim("orders", claim("u", "a"), second, 1)).isEmpty();
    assertThat(first.isOpen()).isFalse();
    assertThat(second.isOpen()).isTrue();
  }

  @Test
  void theSameClaimOfAnotherUserTakesNothingOverAndHearsNoAddress() {
    names.claim("orders", claim("u", "a"), first, 0);
    assertThat(names.claim("orders", claim("mallory", "a"), second, 1))
        .get()
        .asString()
        .contains("another user")
        .doesNotContain("127.0.0.1", "localhost", "40001");
    assertThat(first.isOpen()).isTrue();
  }

  @Test
  void aHolderThatIsGoneKeepsNobodyOutBeforeItsEndIsToldOf() {
    first.onClose(
        () -> assertThat(names.claim("orders", claim("u", "b"), second, 10_001)).isEmpty());
    names.claim("orders", claim("u", "a"), first, 10_000);
    first.close();
    assertThat(second.isOpen()).isTrue();
    assertThat(names.claim("orders", claim("u", "c"), new ScriptedConnection(3), 10_002))
        .isPresent();
  }

  @Test
  void aConnectionHasOneNameToItsEnd() {
    names.claim("orders", claim("u", "a"), first, 0);
    assertThat(names.claim("invoices", claim("u", "a"), first, 1))
        .get()
        .asString()
        .contains("client id orders already");
    assertThat(names.claim("invoices", claim("u", "b"), second, 2)).isEmpty();
    first.close();
    ScriptedConnection ofTheSameNumber = new ScriptedConnection(1);
    assertThat(names.claim("payments", claim("u", "a"), ofTheSameNumber, 3)).isEmpty();
  }

  @Test
  void theNameIsFreeWhenItsHolderClosesAlsoAfterItWasRenewed() {
    names.claim("orders", claim("u", "a"), first, 0);
    names.claim("orders", claim("u", "a"), first, 10_000);
    first.close();
    assertThat(names.claim("orders", claim("u", "b"), second, 10_001)).isEmpty();
    assertThat(names.claim("orders", claim("u", "c"), new ScriptedConnection(3), 10_002))
        .isPresent();
  }
}
