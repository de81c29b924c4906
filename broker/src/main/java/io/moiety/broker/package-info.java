/** The broker: one process or embedded in any JVM. */
@NullMarked
package io.moiety.broker;

import org.jspecify.annotations.NullMarked;
