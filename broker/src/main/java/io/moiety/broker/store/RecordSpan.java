package io.moiety.broker.store;

/**
 * Where a record lies.
 *
 * @param position byte address in the commit log
 */
public record RecordSpan(long position, int sizeBytes) {}
