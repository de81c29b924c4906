package io.moiety.arquillian.crash;

import static org.assertj.core.api.Assertions.assertThat;

import io.moiety.arquillian.orders.Application;
import io.moiety.arquillian.orders.Messages;
import io.moiety.arquillian.orders.Mode;
import io.moiety.arquillian.orders.StandaloneBroker;
import io.moiety.arquillian.server.FreePorts;
import io.moiety.arquillian.server.Postgres;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/**
 * A server with its database and its broker, and the book of what has to be in both. Used by one
 * thread.
 */
final class Site implements AutoCloseable {
  private static final Duration RECOVERY_TIMEOUT = Duration.ofMinutes(4);
  private static final int ANSWER_TIMEOUT_SECONDS = 120;

  private final Postgres database;
  private final Messages messages;
  private final Optional<StandaloneBroker> broker;
  private final Node node;
  private final List<String> committed = new ArrayList<>();
  private final List<String> rolledBack = new ArrayList<>();

  private Site(Postgres database, Messages messages, Optional<StandaloneBroker> broker, Node node) {
    this.database = database;
    this.messages = messages;
    this.broker = broker;
    this.node = node;
  }

  /** Starts all of it, or nothing: with the victim broker in a process of its own, else inside. */
  static Site start(Path directory, Mode mode, Victim victim) throws Exception {
    int brokerPort = FreePorts.any();
    Path nodeDirectory = directory.resolve("server");
    Postgres database = Application.database();
    Optional<StandaloneBroker> broker = Optional.empty();
    try {
      if (victim == Victim.BROKER) {
        broker = Optional.of(StandaloneBroker.start(directory, brokerPort));
      }
      Node node =
          broker.isPresent()
              ? Node.at(brokerPort, nodeDirectory, mode, database)
              : Node.withBroker(nodeDirectory, mode, database, brokerPort);
      return new Site(database, new Messages(brokerPort), broker, node);
    } catch (Throwable failure) {
      broker.ifPresent(StandaloneBroker::close);
      database.close();
      throw failure;
    }
  }

  /** Undisturbed. */
  void place(String id) throws Exception {
    assertThat(node.place(id).get(ANSWER_TIMEOUT_SECONDS, TimeUnit.SECONDS))
        .as(node::tail)
        .isEqualTo(200);
    committed.add(id);
  }

  /** Kills in a transaction of its own, and waits until all agree again. */
  void kill(Victim victim, Kill kill, String id) throws Exception {
    if (victim == Victim.SERVER) {
      killServer(kill, id);
    } else {
      killBroker(kill, id);
    }
  }

  private void killServer(Kill kill, String id) throws Exception {
    (kill.commits() ? committed : rolledBack).add(id);
    strike(kill, id, node::kill);
    node.restart();
    awaitAgreement(kill + " of the server");
  }

  /**
   * What becomes of the transaction is the server's to say, which lives on; a message that was
   * received is delivered again in any case.
   */
  private void killBroker(Kill kill, String id) throws Exception {
    StandaloneBroker victim = broker.orElseThrow();
    if (kill.direction() == Direction.INBOUND) {
      committed.add(id);
    }
    strike(kill, id, victim::kill);
    victim.restart();
    awaitAgreement(kill + " of the broker");
  }

  private void strike(Kill kill, String id, Callable<?> deed) throws Exception {
    Place place = kill.point().in(kill.direction());
    if (kill.direction() == Direction.OUTBOUND) {
      node.placeAndStrike(id, place, deed);
    } else {
      node.triggerAndStrike(() -> messages.send("in", id), place, deed);
    }
  }

  /**
   * Nothing is in doubt, what has to be there is there, and nothing is in one place only or twice.
   */
  private void awaitAgreement(String after) {
    Awaitility.await("after " + after + " row and message agree, and nothing is in doubt")
        .atMost(RECOVERY_TIMEOUT)
        .pollInterval(Duration.ofMillis(700))
        .untilAsserted(this::assertAgreement);
  }

  private void assertAgreement() {
    try {
      if (database.branchesInDoubt() + messages.inDoubt().size() > 0) {
        node.recover();
      }
      List<String> ids = database.orders();
      assertThat(ids).containsAll(committed).noneMatch(rolledBack::contains);
      assertThat(messages.in("out")).containsExactlyInAnyOrderElementsOf(ids);
      assertThat(messages.in("in")).isEmpty();
      assertThat(messages.inDoubt()).isEmpty();
      assertThat(database.branchesInDoubt()).isZero();
    } catch (Exception notYet) {
      throw new AssertionError(node.tail(), notYet);
    }
  }

  @Override
  public void close() throws IOException {
    node.close();
    broker.ifPresent(StandaloneBroker::close);
    database.close();
  }
}
