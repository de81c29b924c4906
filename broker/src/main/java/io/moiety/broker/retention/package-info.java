/**
 * How long the log keeps what it holds: which segments may go, what of them is still needed and is
 * carried forward, and when the disk is so full that producers are refused.
 *
 * <p>Knows the log and what is live in it through {@link io.moiety.broker.retention.LiveRecords},
 * no view.
 */
@NullMarked
package io.moiety.broker.retention;

import org.jspecify.annotations.NullMarked;
