/** How many messages and bytes come and go, of each topic and in all, since the broker started. */
@NullMarked
package io.moiety.broker.traffic;

import org.jspecify.annotations.NullMarked;
