/**
 * A small application with a database and messages, for tests that look at it from outside: placing
 * an order inserts a row and sends a message; a message that comes in places an order.
 */
@NullMarked
package io.moiety.arquillian.orders;

import org.jspecify.annotations.NullMarked;
