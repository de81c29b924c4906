/**
 * The lean asynchronous client: {@link io.moiety.client.MoietyClient} over one connection, {@link
 * io.moiety.client.ReconnectingClient} over one after another.
 *
 * <p><b>Threads.</b> A connection belongs to one event loop of its {@link
 * io.moiety.client.EventLoops}. What waits for answers, routes and keep-alive are confined to that
 * loop and take no lock. Public methods may be called on any thread: they hand their request to the
 * loop and return a future, which completes on the loop. What one thread asks for is written in the
 * order in which it asked.
 *
 * <p><b>Bounds.</b> Every request has a time-out. The number of waiting requests and the bytes of
 * waiting messages are limited; beyond that a request fails at once with {@link
 * io.moiety.client.RequestLimitException}.
 *
 * <p><b>Failures.</b> Futures fail with a {@link io.moiety.client.ClientException}, not wrapped,
 * and once. Whoever depends on them by {@code thenApply} and the like gets them wrapped in a {@link
 * java.util.concurrent.CompletionException}, as the JDK does.
 */
@NullMarked
package io.moiety.client;

import org.jspecify.annotations.NullMarked;
