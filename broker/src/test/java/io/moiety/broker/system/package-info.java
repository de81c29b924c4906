/** The whole broker over real sockets and files, with Moiety's own client. */
@NullMarked
package io.moiety.broker.system;

import org.jspecify.annotations.NullMarked;
