/**
 * Servers and brokers that are killed at the steps of a transaction, over an application with a
 * PostgreSQL database and messages.
 */
@NullMarked
package io.moiety.arquillian.crash;

import org.jspecify.annotations.NullMarked;
