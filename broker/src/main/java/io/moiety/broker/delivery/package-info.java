/**
 * Who has been given which message: ledgers (a view of the log), and at run time sessions,
 * consumers, leases and waiting receives; RocketMQ's POP is the other face of the same ledger.
 *
 * <p>Everything here belongs to the store turn and is pure: {@code now} is an argument, records are
 * read and written through small interfaces, answers leave through callbacks.
 */
@NullMarked
package io.moiety.broker.delivery;

import org.jspecify.annotations.NullMarked;
