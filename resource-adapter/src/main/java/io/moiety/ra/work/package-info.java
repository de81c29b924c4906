/** The server's threads, on which all of the adapter's own work is done. */
@NullMarked
package io.moiety.ra.work;

import org.jspecify.annotations.NullMarked;
