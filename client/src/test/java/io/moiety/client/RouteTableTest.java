package io.moiety.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

final class RouteTableTest {

  private final List<String> asked = new ArrayList<>();
  private final List<CompletableFuture<TopicRoute>> questions = new ArrayList<>();
  private final List<String> choices = new ArrayList<>();
  private final RouteTable routes =
      new RouteTable(
          topic -> {
            asked.add(topic);
            CompletableFuture<TopicRoute> question = new CompletableFuture<>();
            questions.add(question);
            return question;
          });

  @Test
  void asksOnceForATopicHoweverManyWait() {
    choose("T", 0);
    choose("T", 0);
    choose("U", 0);
    assertThat(asked).containsExactly("T", "U");
    answer(0, 1);
    assertThat(choices).containsExactly("T:0", "T:0");
    choose("T", 1);
    assertThat(choices).containsExactly("T:0", "T:0", "T:0");
    assertThat(asked).hasSize(2);
  }

  @Test
  void asksAgainAfterAWhileAndUsesWhatItKnowsMeanwhile() {
    long later = Duration.ofSeconds(30).toNanos();
    choose("T", 0);
    answer(0, 1);
    choose("T", later - 1);
    assertThat(asked).hasSize(1);
    choose("T", later);
    choose("T", later);
    assertThat(asked).hasSize(2);
    assertThat(choices).hasSize(4);
    answer(1, 2);
    choices.clear();
    choose("T", later);
    choose("T", later);
    assertThat(choices).containsExactlyInAnyOrder("T:0", "T:1");
  }

  @Test
  void aFailedRefreshKeepsTheOldRoute() {
    long later = Duration.ofSeconds(30).toNanos();
    choose("T", 0);
    answer(0, 1);
    choose("T", later);
    questions.get(1).completeExceptionally(new BrokerException(1, "busy"));
    choose("T", later + 1);
    assertThat(choices).containsExactly("T:0", "T:0", "T:0");
    assertThat(asked).hasSize(2);
  }

  @Test
  void aFailedQuestionFailsWhoWaitsAndIsAskedAnew() {
    choose("T", 0);
    choose("T", 0);
    questions.get(0).completeExceptionally(new BrokerException(1, "busy"));
    assertThat(choices).containsExactly("T failed: BrokerException", "T failed: BrokerException");
    choose("T", 1);
    assertThat(asked).hasSize(2);
  }

  @Test
  void aLostConnectionLeavesTheMessageUnsent() {
    RouteTable.Choice choice =
        new RouteTable.Choice() {
          @Override
          public void queue(int queueId) {
            throw new AssertionError("there is no route");
          }

          @Override
          public void failed(ClientException cause) {
            choices.add("written: " + ((ConnectionLostException) cause).requestWritten());
          }
        };
    routes.choose("T", 0, choice);
    questions.get(0).completeExceptionally(new ConnectionLostException("lost", true));
    assertThat(choices).containsExactly("written: false");
  }

  @Test
  void aForgottenRouteIsAskedForAgain() {
    choose("T", 0);
    routes.forget("T");
    answer(0, 1);
    assertThat(choices).containsExactly("T:0");
    routes.forget("T");
    choose("T", 1);
    assertThat(asked).hasSize(2);
  }

  @Test
  void keepsABoundedNumberOfTopics() {
    choose("first", 0);
    answer(0, 1);
    for (int i = 1; i <= 10_000; i++) {
      choose("T" + i, 0);
      answer(i, 1);
    }
    choose("first", 0);
    assertThat(asked).hasSize(10_002);
  }

  private void choose(String topic, long nowNanos) {
    routes.choose(
        topic,
        nowNanos,
        new RouteTable.Choice() {
          @Override
          public void queue(int queueId) {
            choices.add(topic + ":" + queueId);
          }

          @Override
          public void failed(ClientException cause) {
            choices.add(topic + " failed: " + cause.getClass().getSimpleName());
          }
        });
  }

  private void answer(int question, int writeQueues) {
    questions.get(question).complete(new TopicRoute(asked.get(question), 4, writeQueues));
  }
}
