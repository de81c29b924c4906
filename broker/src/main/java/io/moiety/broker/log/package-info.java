/**
 * The commit log: one append-only sequence of records in fixed-size memory-mapped segments, the
 * only truth of the store. It knows bytes and records; what they mean is other packages' business.
 *
 * <p>Threads: the store turn appends; the flush thread forces and publishes the durable position;
 * the allocator thread prepares segments ahead of the append; recovery and replay read on a thread
 * of their own. No other thread touches a file channel, since an interrupt would close it.
 */
@NullMarked
package io.moiety.broker.log;

import org.jspecify.annotations.NullMarked;
