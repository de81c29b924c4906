package io.moiety.client;

/**
 * What a {@link ReconnectingClient} tells its owner. Called on an event loop: never block in it.
 */
public interface ReconnectEvents {

  /** A connection stands: open sessions and subscriptions again. Also called for the first one. */
  void connected(MoietyClient client);

  /** It was lost; attempts to connect again have begun. */
  void connectionLost(Throwable cause);
}
