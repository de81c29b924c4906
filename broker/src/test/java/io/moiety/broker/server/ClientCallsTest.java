package io.moiety.broker.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.moiety.protocol.Command;
import io.moiety.protocol.Fields;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ClientCallsTest {

  private final ClientCalls calls = new ClientCalls();
  private final List<String> heard = new ArrayList<>();

  private ClientAnswer hear(String name) {
    return new ClientAnswer() {
      @Override
      public void answered(Command response) {
        heard.add(name + " answered");
      }

      @Override
      public void late(String why) {
        heard.add(name + " late");
      }

      @Override
      public void gone() {
        heard.add(name + " gone");
      }
    };
  }

  private static Command response(int opaque) {
    return Command.response(
        Command.request(1, Fields.empty()).withOpaque(opaque), 0, null, Fields.empty());
  }

  @Test
  void everyCallHearsItsOwnAnswerOnce() {
    int first = calls.begin(ClientCalls.Kind.QUESTION, hear("first")).orElseThrow();
    int second = calls.begin(ClientCalls.Kind.QUESTION, hear("second")).orElseThrow();

    assertThat(calls.answered(response(second))).isTrue();
    assertThat(calls.answered(response(first))).isTrue();
    assertThat(calls.answered(response(first))).isFalse();
    calls.expired(first, 1);
    calls.closed();

    assertThat(heard).containsExactly("second answered", "first answered");
  }

  @Test
  void anAnswerAfterItsTimeIsNobodys() {
    int opaque = calls.begin(ClientCalls.Kind.QUESTION, hear("it")).orElseThrow();
    calls.expired(opaque, 1);

    assertThat(calls.answered(response(opaque))).isFalse();
    assertThat(heard).containsExactly("it late");
  }

  @Test
  void aClosedConnectionEndsAllCalls() {
    assertThat(calls.begin(ClientCalls.Kind.QUESTION, hear("one"))).isPresent();
    assertThat(calls.begin(ClientCalls.Kind.QUESTION, hear("two"))).isPresent();
    calls.closed();
    assertThat(heard).containsExactlyInAnyOrder("one gone", "two gone");
  }

  @Test
  void aCallTooManyIsRefusedUntilOneIsAnswered() {
    int opaque = 0;
    for (int i = 0; i < ClientCalls.Kind.QUESTION.maxWaiting(); i++) {
      opaque = calls.begin(ClientCalls.Kind.QUESTION, hear("one")).orElseThrow();
    }
    assertThat(calls.begin(ClientCalls.Kind.QUESTION, hear("more"))).isEmpty();
    assertThat(calls.answered(response(opaque))).isTrue();
    assertThat(calls.begin(ClientCalls.Kind.QUESTION, hear("more"))).isPresent();
  }

  @Test
  void repliesAndQuestionsDoNotTakeEachOthersRoom() {
    for (int i = 0; i < ClientCalls.Kind.REPLY.maxWaiting(); i++) {
      assertThat(calls.begin(ClientCalls.Kind.REPLY, hear("reply"))).isPresent();
    }
    assertThat(calls.begin(ClientCalls.Kind.REPLY, hear("more"))).isEmpty();
    for (int i = 0; i < ClientCalls.Kind.QUESTION.maxWaiting(); i++) {
      assertThat(calls.begin(ClientCalls.Kind.QUESTION, hear("question"))).isPresent();
    }
  }
}
