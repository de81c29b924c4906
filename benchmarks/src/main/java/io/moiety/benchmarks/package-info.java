/** Micro and macro benchmarks. */
@NullMarked
package io.moiety.benchmarks;

import org.jspecify.annotations.NullMarked;
