/**
 * The macro benchmarks: brokers in JVMs of their own, load from other JVMs, medians of interleaved
 * runs.
 */
@NullMarked
package io.moiety.benchmarks.compare;

import org.jspecify.annotations.NullMarked;
