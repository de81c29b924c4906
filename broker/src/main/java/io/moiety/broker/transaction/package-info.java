/**
 * Half messages with check-back, and XA branches: what decides whether a stored message is ever
 * seen.
 */
@NullMarked
package io.moiety.broker.transaction;

import org.jspecify.annotations.NullMarked;
