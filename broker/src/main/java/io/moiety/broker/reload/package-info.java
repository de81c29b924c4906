/** Files of the configuration that are read again when they change, without a restart. */
@NullMarked
package io.moiety.broker.reload;

import org.jspecify.annotations.NullMarked;
