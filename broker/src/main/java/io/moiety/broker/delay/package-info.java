/**
 * Delayed messages: RocketMQ's levels and exact times. A delayed message is stored on a system
 * topic and, when due, appended again to its real one; that copy names the delayed record and so is
 * the proof that it was delivered.
 */
@NullMarked
package io.moiety.broker.delay;

import org.jspecify.annotations.NullMarked;
