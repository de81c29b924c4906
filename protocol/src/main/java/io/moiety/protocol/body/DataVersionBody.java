package io.moiety.protocol.body;

/**
 * Which state of a table an answer shows: it has changed {@code counter} times, last at {@code
 * timestamp}.
 */
public record DataVersionBody(long counter, long stateVersion, long timestamp) {}
