/** Jakarta Messaging 3.1 over the client. */
@NullMarked
package io.moiety.jms;

import org.jspecify.annotations.NullMarked;
