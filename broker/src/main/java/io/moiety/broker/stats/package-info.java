/** Figures that the broker keeps of itself, without a library and without garbage. */
@NullMarked
package io.moiety.broker.stats;

import org.jspecify.annotations.NullMarked;
