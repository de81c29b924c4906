/** The lean asynchronous client. */
@NullMarked
package io.moiety.client;

import org.jspecify.annotations.NullMarked;
