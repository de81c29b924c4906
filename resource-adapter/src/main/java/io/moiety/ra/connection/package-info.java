/** How connections to the broker are configured: for the adapter, a factory, or a bean. */
@NullMarked
package io.moiety.ra.connection;

import org.jspecify.annotations.NullMarked;
