package io.moiety.broker.server;

import io.moiety.protocol.Command;
import io.moiety.protocol.ResponseCode;
import java.util.HashMap;
import java.util.Map;

/**
 * Which handler serves which request code. Filled by one thread before {@link BrokerServer#serve},
 * only read after.
 */
public final class RequestRouter {

  private final Map<Integer, RequestHandler> handlers = new HashMap<>();

  /** Sends requests with this code to the handler; a code has one. */
  public RequestRouter register(int code, RequestHandler handler) {
    if (handlers.putIfAbsent(code, handler) != null) {
      throw new IllegalStateException("request code " + code + " has two handlers");
    }
    return this;
  }

  boolean serves(int code) {
    return handlers.containsKey(code);
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
