/** Tells RocketMQ's name servers of this broker and its topics, so that clients find it there. */
@NullMarked
package io.moiety.broker.registration;

import org.jspecify.annotations.NullMarked;
