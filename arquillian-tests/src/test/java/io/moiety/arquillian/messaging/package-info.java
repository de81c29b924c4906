/**
 * Jakarta Messaging as applications in a server use it: contexts that are injected, and connections
 * of their own.
 */
@NullMarked
package io.moiety.arquillian.messaging;

import org.jspecify.annotations.NullMarked;
