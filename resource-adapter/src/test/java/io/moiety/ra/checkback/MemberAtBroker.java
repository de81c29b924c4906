package io.moiety.ra.checkback;

import io.moiety.broker.Broker;
import io.moiety.broker.config.BrokerConfig;
import io.moiety.broker.config.Profile;
import io.moiety.client.CheckBackListener;
import io.moiety.client.ClientConfig;
import io.moiety.client.HalfState;
import io.moiety.client.OutgoingMessage;
import io.moiety.protocol.MessageProperties;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** A real broker, and a node that is a member of a producer group there. */
final class MemberAtBroker implements AutoCloseable {

  static final String GROUP = "PG";

  /** Puts a half message aside after two checks in vain. */
  static final Map<String, String> IMPATIENT =
      Map.of(
          "transactionTimeOut", "100",
          "transactionCheckInterval", "100",
          "transactionCheckMax", "2");

  private final Broker broker;
  private final Membership membership;

  private MemberAtBroker(Broker broker, Membership membership) {
    this.broker = broker;
    this.membership = membership;
  }

  static MemberAtBroker join(Path store) throws Exception {
    return join(store, Map.of(), check -> {});
  }

  static MemberAtBroker join(
      Path store, Map<String, String> brokerProperties, CheckBackListener checks) throws Exception {
    Map<String, String> properties = new HashMap<>(brokerProperties);
    properties.put("storePathRootDir", store.toString());
    properties.put("listenPort", "0");
    Broker broker = Broker.start(BrokerConfig.of(properties, Profile.EMBEDDED));
    ClientConfig config =
        ClientConfig.builder()
            .addresses("127.0.0.1:" + broker.address().getPort())
            .clientId("node")
            .requestTimeout(Duration.ofSeconds(5))
            .build();
    Membership membership =
        Membership.join(config, config::addresses, GROUP, checks, new LaterTasks())
            .get(30, TimeUnit.SECONDS);
    return new MemberAtBroker(broker, membership);
  }

  Membership membership() {
    return membership;
  }

  String addresses() {
    return "127.0.0.1:" + broker.address().getPort();
  }

  /** Which broker has a half message is known to members that are connected to it. */
  Optional<Membership> find(String storeUuid) {
    return membership.isConnectedTo(storeUuid) ? Optional.of(membership) : Optional.empty();
  }

  CompletableFuture<StoredHalf> sending(int number) {
    return membership.send(
        new OutgoingMessage(
            "orders",
            OutgoingMessage.ANY_QUEUE,
            MessageProperties.empty(),
            ByteBuffer.wrap(new byte[] {(byte) number}),
            0,
            0,
            System.currentTimeMillis(),
            Optional.empty()));
  }

  StoredHalf send(int number) throws Exception {
    return sending(number).get(30, TimeUnit.SECONDS);
  }

  HalfState state(StoredHalf half) throws Exception {
    return membership.outcome(half).get(30, TimeUnit.SECONDS);
  }

  void stopBroker() {
    broker.close();
  }

  @Override
  public void close() {
    membership.close();
    broker.close();
  }
}
