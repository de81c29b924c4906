/** Processes that are started from what the build has made: their commands, files and ports. */
@NullMarked
package io.moiety.benchmarks.process;

import org.jspecify.annotations.NullMarked;
