/**
 * RocketMQ's remoting protocol and record layout, and Moiety's own commands: what broker and client
 * must agree on to the byte. No I/O, no threads, no clock: bytes in, values out.
 */
@NullMarked
package io.moiety.protocol;

import org.jspecify.annotations.NullMarked;
