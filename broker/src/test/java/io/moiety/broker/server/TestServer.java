package io.moiety.broker.server;

import io.moiety.broker.config.ConnectionLimits;
import io.moiety.broker.config.NetworkConfig;
import io.moiety.broker.store.StoreTurn;
import io.moiety.protocol.Command;
import io.moiety.protocol.Fields;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/** A server on a free port with small limits and handlers whose answers a test knows. */
final class TestServer implements AutoCloseable {

  static final int ECHO = 7001;
  static final int FAIL = 7002;
  static final int HOLD = 7003;
  static final int LARGE = 7004;
  static final int BAD_FIELD = 7005;
  static final int GATHER = 7006;
  static final int MAX_FRAME_BYTES = 64 * 1024;
  static final int MAX_IN_FLIGHT = 4;
  static final int LARGE_BYTES = 256 * 1024;
  static final int MAX_CONNECTIONS = 3;
  static final ConnectionLimits LIMITS =
      new ConnectionLimits(MAX_CONNECTIONS, MAX_IN_FLIGHT, 80_000, 120_000);

  final Queue<Reply> held = new ConcurrentLinkedQueue<>();
  final Queue<Connection> connections = new ConcurrentLinkedQueue<>();
  final AtomicInteger largeAnswers = new AtomicInteger();
  final AtomicInteger batches = new AtomicInteger();
  final LoopTurn loopTurn =
      new LoopTurn(new StoreTurn(10, batches::incrementAndGet, () -> {}), () -> {});
  final BrokerServer server = open(60_000);

  /** Another one, which closes a connection that is silent for so long. */
  BrokerServer open(long idleTimeoutMillis) {
    return open(LIMITS, idleTimeoutMillis);
  }

  BrokerServer open(ConnectionLimits limits, long idleTimeoutMillis) {
    BrokerServer opened =
        BrokerServer.bind(
            new NetworkConfig(
                "127.0.0.1", 0, Optional.empty(), 1, MAX_FRAME_BYTES, limits, idleTimeoutMillis),
            Security.none());
    opened.serve(
        new RequestRouter()
            .register(
                ECHO,
                (request, connection, reply) -> {
                  connections.add(connection);
                  reply.success(request.fields(), request.body());
                })
            .register(
                FAIL,
                (request, connection, reply) -> {
                  throw new IllegalStateException("the handler broke");
                })
            .register(HOLD, (request, connection, reply) -> held.add(reply))
            .register(
                LARGE,
                (request, connection, reply) -> {
                  largeAnswers.incrementAndGet();
                  reply.success(Fields.empty(), ByteBuffer.allocate(LARGE_BYTES));
                })
            .register(
                BAD_FIELD, (request, connection, reply) -> request.fields().requiredInt("queueId"))
            .register(
                GATHER,
                (request, connection, reply) ->
                    loopTurn.offer(() -> reply.success(Fields.empty()))),
        loopTurn);
    return opened;
  }

  RawClient connect() throws IOException {
    return new RawClient(server.address());
  }

  static Command request(int code, int opaque) {
    return Command.request(code, Fields.empty()).withOpaque(opaque);
  }

  @Override
  public void close() {
    server.close();
  }
}
