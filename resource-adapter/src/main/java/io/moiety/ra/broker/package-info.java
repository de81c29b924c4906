/** How the adapter reaches its broker: by addresses, or by starting one inside the server. */
@NullMarked
package io.moiety.ra.broker;

import org.jspecify.annotations.NullMarked;
