package io.moiety.broker.queue;

/**
 * What a consume queue knows of one message: 20 bytes in RocketMQ's form.
 *
 * @param position byte address in the commit log
 * @param sizeBytes size of the record
 * @param tagsCode hash of the tags (0 without), or on the schedule topic the due time in
 *     milliseconds
 */
public record Entry(long position, int sizeBytes, long tagsCode) {}
