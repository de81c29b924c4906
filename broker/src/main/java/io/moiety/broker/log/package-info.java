/**
 * The commit log: one append-only sequence of records in fixed-size memory-mapped segments, the
 * only truth of the store. It knows bytes and records; what they mean is other packages' business.
 *
 * <p>Threads: the store turn appends; the flush thread forces and publishes the durable position;
 * the allocator thread prepares segments ahead of the append and clears away those behind;
 * recovery, replay and inspection read on a thread of their own. Readers of far segments share
 * channels, which are opened again when an interrupted thread closes them.
 */
@NullMarked
package io.moiety.broker.log;

import org.jspecify.annotations.NullMarked;
