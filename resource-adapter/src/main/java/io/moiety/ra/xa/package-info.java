/** Completing transactions that a crash left open. */
@NullMarked
package io.moiety.ra.xa;

import org.jspecify.annotations.NullMarked;
