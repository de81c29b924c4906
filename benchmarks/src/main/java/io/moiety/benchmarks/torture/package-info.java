/**
 * Random transactions against a broker that is killed again and again, and an audit of what became
 * of them.
 */
@NullMarked
package io.moiety.benchmarks.torture;

import org.jspecify.annotations.NullMarked;
