package io.moiety.broker.log;

/**
 * The disk that the log lies on, as it was a moment ago.
 *
 * @param usableBytes what this process may still write
 * @param totalBytes its size
 * @param logBytes what the log takes of it: all segments, those that are prepared or kept for use
 *     again included
 */
public record DiskSpace(long usableBytes, long totalBytes, long logBytes) {}
