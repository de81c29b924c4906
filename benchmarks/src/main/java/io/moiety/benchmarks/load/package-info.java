/**
 * Load for a broker, in a JVM of its own. Knows the JDK and, in the classes named after it, the
 * official RocketMQ client; nothing of Moiety, whose libraries have other versions.
 */
@NullMarked
package io.moiety.benchmarks.load;

import org.jspecify.annotations.NullMarked;
