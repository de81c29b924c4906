/**
 * What applications send with: pooled connections and the handles that containers hand out for
 * them.
 */
@NullMarked
package io.moiety.ra.outbound;

import org.jspecify.annotations.NullMarked;
