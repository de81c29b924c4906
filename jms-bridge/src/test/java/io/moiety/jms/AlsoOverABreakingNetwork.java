package io.moiety.jms;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Tests of what the bridge does on any network: the build runs them a second time over one that
 * breaks, where all their claims hold but those that are {@link Excepted}.
 *
 * <p>Not among them, though they have a broker: {@code RedeliveryTest}, {@code ListenerTest} and
 * {@code ListenerCallsTest}, since a message that a loss interrupts is delivered once more than
 * they count; {@code ConcurrentTransactionsTest}, whose transactions outlive connections; {@code
 * NarayanaTest}, whose manager keeps what a failed enlistment leaves; {@code InboundReceiverTest},
 * since the adapter's connections end with a loss; and those with a network, user or configuration
 * of their own.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Tag("also-over-a-breaking-network")
@ExtendWith(BreakingNetwork.class)
@interface AlsoOverABreakingNetwork {

  /** A claim that a lost connection may break. */
  @Target(ElementType.METHOD)
  @Retention(RetentionPolicy.RUNTIME)
  @interface Excepted {
    /** Why. */
    String because();
  }
}
