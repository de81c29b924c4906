package io.moiety.client;

/**
 * A half message was stored.
 *
 * @param receipt with another status than {@link SendStatus#OK} the message may get lost with the
 *     broker: roll back
 * @param half what {@link HalfMessages#end} needs to resolve it
 */
public record HalfReceipt(SendReceipt receipt, HalfMessage half) {}
