/** The command line of the standalone broker. */
@NullMarked
package io.moiety.broker.cli;

import org.jspecify.annotations.NullMarked;
