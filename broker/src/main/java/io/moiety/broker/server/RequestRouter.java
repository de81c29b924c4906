package io.moiety.broker.server;

import io.moiety.protocol.Command;
import io.moiety.protocol.ResponseCode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Which handler serves which request code. Filled by one thread before {@link BrokerServer#serve},
 * only read after.
 */
public final class RequestRouter {

  private final Map<Integer, RequestHandler> handlers = new HashMap<>();
  private final List<Consumer<Connection>> closeListeners = new ArrayList<>();

  /** Sends requests with this code to the handler; a code has one. */
  public RequestRouter register(int code, RequestHandler handler) {
    if (handlers.putIfAbsent(code, handler) != null) {
      throw new IllegalStateException("request code " + code + " has two handlers");
    }
    return this;
  }

  /** Tells the listener of every connection that closes, on its event loop. */
  public RequestRouter whenClosed(Consumer<Connection> listener) {
    closeListeners.add(listener);
    return this;
  }

  void closed(Connection connection) {
    closeListeners.forEach(listener -> listener.accept(connection));
  }

  RequestHandler handlerOf(int code) {
    return handlers.getOrDefault(code, RequestRouter::refuse);
  }

  private static void refuse(Command request, Connection connection, Reply reply) {
    reply.fail(
        ResponseCode.REQUEST_CODE_NOT_SUPPORTED,
        " request type " + request.code() + " not supported");
  }
}
