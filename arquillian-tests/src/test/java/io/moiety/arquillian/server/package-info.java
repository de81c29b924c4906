/**
 * Application servers as child processes: laid out, started, killed and told to recover, each by
 * its own means, behind one interface.
 */
@NullMarked
package io.moiety.arquillian.server;

import org.jspecify.annotations.NullMarked;
