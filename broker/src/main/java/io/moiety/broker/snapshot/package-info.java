/**
 * What lets a start replay little of the log: snapshots of the views, each at one position, and the
 * base, which says again in the log every fact that is still in force.
 *
 * <p>Everything here can be deleted and comes back from the log. Threads: the store turn captures;
 * the view thread writes and forces files; nothing else touches them, but for reads of blocks.
 */
@NullMarked
package io.moiety.broker.snapshot;

import org.jspecify.annotations.NullMarked;
