/**
 * What the resource adapter needs besides Jakarta Messaging's interfaces: connections that say
 * whether they live, and delivery one message at a time without a thread that waits.
 */
@NullMarked
package io.moiety.jms.spi;

import org.jspecify.annotations.NullMarked;
