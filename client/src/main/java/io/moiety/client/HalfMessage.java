package io.moiety.client;

/**
 * A half message as the broker must be told of it.
 *
 * @param topic the topic that it becomes visible in
 * @param uniqueKey its property {@code UNIQ_KEY}
 * @param halfOffset its queue offset among the half messages
 * @param position its place in the broker's commit log
 */
public record HalfMessage(
    String producerGroup, String topic, String uniqueKey, long halfOffset, long position) {}
